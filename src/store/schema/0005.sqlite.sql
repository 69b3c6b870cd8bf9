-- SPDX-License-Identifier: Apache-2.0
-- Messages that were taken in, in their order, and are no posts yet.  key:
-- the one that a post of it shall have, if that was asked for.
CREATE TABLE tray (
	id INTEGER PRIMARY KEY,
	raw INTEGER NOT NULL REFERENCES raw,
	list INTEGER NOT NULL REFERENCES list,
	arrived INTEGER NOT NULL,
	key BLOB CHECK (length(key) = 20)
) STRICT;
