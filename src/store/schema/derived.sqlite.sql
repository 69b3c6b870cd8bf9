-- SPDX-License-Identifier: Apache-2.0
-- What is computed from the primary tables, and may be dropped at will.

REINDEX post;

DROP TABLE IF EXISTS head;
DROP TABLE IF EXISTS key;
DROP TABLE IF EXISTS thread;
DROP TABLE IF EXISTS thread_id;
DROP TABLE IF EXISTS author;
DROP TABLE IF EXISTS thread_author;
DROP TABLE IF EXISTS poster;
DROP TABLE IF EXISTS month;
DROP TABLE IF EXISTS day;
DROP TABLE IF EXISTS list_sum;

-- What an index page says of a post.  ids: its thread_id and those of its
-- ancestors, 8 octets each, most significant first.  raw, kind, key and
-- arrived are the post's, lest each take a second look-up.
CREATE TABLE head (
	post INTEGER PRIMARY KEY REFERENCES post,
	list INTEGER NOT NULL REFERENCES list,
	thread INTEGER NOT NULL REFERENCES thread,
	raw INTEGER NOT NULL REFERENCES raw,
	kind INTEGER NOT NULL,
	key BLOB NOT NULL,
	arrived INTEGER NOT NULL,
	author INTEGER REFERENCES author,
	date INTEGER NOT NULL,
	has_date INTEGER NOT NULL,
	size INTEGER NOT NULL,
	message_id BLOB,
	subject TEXT NOT NULL,
	from_name TEXT NOT NULL,
	from_addr TEXT NOT NULL,
	ids BLOB NOT NULL,
	outline TEXT NOT NULL
) STRICT;
CREATE INDEX head_date ON head (list, date, thread);
-- All that puts a thread in order.
CREATE INDEX head_thread ON head (thread, post, date, author, ids);
CREATE INDEX head_author ON head (author, list, date)
	WHERE author IS NOT NULL;

-- Who has an address.  code: 60 bits, see store_find_author.
CREATE TABLE author (
	id INTEGER PRIMARY KEY,
	code INTEGER NOT NULL UNIQUE
) STRICT;

-- Messages of an author in a year of a list; year 0: in all, and n_threads
-- is how many threads they are in, which no other year says.
CREATE TABLE poster (
	author INTEGER NOT NULL REFERENCES author,
	year INTEGER NOT NULL,
	list INTEGER NOT NULL REFERENCES list,
	n INTEGER NOT NULL,
	n_threads INTEGER NOT NULL,
	PRIMARY KEY (author, year, list)
) STRICT, WITHOUT ROWID;
CREATE INDEX poster_top ON poster (list, year, n);

-- Every name of a post, its copies' too, but for its permalink, which
-- post_key has.
CREATE TABLE key (
	digest BLOB NOT NULL,
	list INTEGER NOT NULL REFERENCES list,
	kind INTEGER NOT NULL,
	post INTEGER NOT NULL REFERENCES post,
	PRIMARY KEY (digest, list, kind, post)
) STRICT, WITHOUT ROWID;

-- A thread is called after the post that began it here.  first: its post
-- with the lowest date; last_date: the highest of any.  A thread that was
-- united with another one stays, empty, and says into which; one whose
-- messages are all gone stays with n = 0, and replies come into it.  What
-- rows of an index say of the first post is here again, lest each row take
-- three look-ups; NULL in a thread with n = 0.
CREATE TABLE thread (
	id INTEGER PRIMARY KEY,
	list INTEGER NOT NULL REFERENCES list,
	n INTEGER NOT NULL,
	first INTEGER NOT NULL REFERENCES post,
	first_date INTEGER NOT NULL,
	last_date INTEGER NOT NULL,
	n_authors INTEGER NOT NULL,
	into_thread INTEGER REFERENCES thread,
	key BLOB,
	subject TEXT,
	from_name TEXT,
	from_addr TEXT
) STRICT;
CREATE INDEX thread_last ON thread (list, last_date)
	WHERE into_thread IS NULL AND n > 0;

-- Who takes part in a thread, with so many messages.
CREATE TABLE thread_author (
	thread INTEGER NOT NULL REFERENCES thread,
	author INTEGER NOT NULL REFERENCES author,
	n INTEGER NOT NULL,
	PRIMARY KEY (thread, author)
) STRICT, WITHOUT ROWID;

-- Ids seen, whether their message is here or only spoken of.
CREATE TABLE thread_id (
	list INTEGER NOT NULL REFERENCES list,
	id INTEGER NOT NULL,
	thread INTEGER NOT NULL REFERENCES thread,
	PRIMARY KEY (list, id)
) STRICT, WITHOUT ROWID;

-- ym: 12 * year + month - 1.  changed: as in list_sum, but of its posts
-- alone, which are what a file of the month is made of.
CREATE TABLE month (
	list INTEGER NOT NULL REFERENCES list,
	ym INTEGER NOT NULL,
	n INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	PRIMARY KEY (list, ym)
) STRICT, WITHOUT ROWID;

-- day: whole days since the epoch.
CREATE TABLE day (
	list INTEGER NOT NULL REFERENCES list,
	day INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (list, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_sum (
	list INTEGER PRIMARY KEY REFERENCES list,
	n INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	first_date INTEGER NOT NULL,
	last_date INTEGER NOT NULL,
	changed INTEGER NOT NULL
) STRICT;
