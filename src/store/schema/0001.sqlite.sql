-- SPDX-License-Identifier: Apache-2.0
-- What can't be computed again.  References are checked by fsck.

CREATE TABLE list (
	id INTEGER PRIMARY KEY,
	policy INTEGER NOT NULL CHECK (policy BETWEEN 0 AND 2),
	description TEXT NOT NULL DEFAULT ''
) STRICT;

-- kind: 0 its List-Id, 1 an older List-Id, 2 a posting address.
CREATE TABLE list_name (
	name TEXT PRIMARY KEY COLLATE NOCASE,
	list INTEGER NOT NULL REFERENCES list,
	kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_name_list ON list_name (list);

-- Every dictionary that any frame of raw.z was made with, as a zstd frame or
-- as it is.  The last one is
-- in use for bodies, and the one before it for headers; where there is but
-- one, for both.  id is the one in the frames.
CREATE TABLE dict (
	n INTEGER PRIMARY KEY,
	id INTEGER NOT NULL UNIQUE,
	bytes BLOB NOT NULL
) STRICT;

-- A message's exact bytes: a zstd frame of its header and one of its body
-- behind it, or one of both, cut into pieces that fill pages, in rows that
-- follow one another.  size, of the bytes, stands in the first row alone.
CREATE TABLE raw (
	id INTEGER PRIMARY KEY,
	size INTEGER,
	z BLOB NOT NULL
) STRICT;

-- One message in one list.  key is its permalink's, the first 20 octets of
-- the digest that kind (KeyKind) names.  came: when it came to whoever had
-- it before us (an mbox's From line says so), else as arrived; it files a
-- message without a date.
CREATE TABLE post (
	id INTEGER PRIMARY KEY,
	raw INTEGER NOT NULL REFERENCES raw,
	list INTEGER NOT NULL REFERENCES list,
	kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
	key BLOB NOT NULL CHECK (length(key) = 20),
	arrived INTEGER NOT NULL,
	came INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX post_key ON post (key, list);

-- Message-IDs under which further copies of a post came in.
CREATE TABLE copy (
	post INTEGER NOT NULL REFERENCES post,
	message_id BLOB NOT NULL,
	PRIMARY KEY (post, message_id)
) STRICT, WITHOUT ROWID;
