-- SPDX-License-Identifier: Apache-2.0
-- Numbers that Pipermail had for messages of a list: it counted them from 0
-- on as they stood in its mailbox, copies too.
CREATE TABLE pipermail (
	list INTEGER NOT NULL REFERENCES list,
	number INTEGER NOT NULL,
	post INTEGER NOT NULL REFERENCES post,
	PRIMARY KEY (list, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX pipermail_post ON pipermail (post);
