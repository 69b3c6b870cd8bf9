-- SPDX-License-Identifier: Apache-2.0
-- What authors' ids are made with (store_author).  Who has them and not
-- this can't try addresses against them.
CREATE TABLE secret (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	bytes BLOB NOT NULL CHECK (length(bytes) = 32)
) STRICT;
