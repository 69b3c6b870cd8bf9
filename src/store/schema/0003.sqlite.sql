-- SPDX-License-Identifier: Apache-2.0
-- Posts whose message an operator took out at the time at; their raw is 0,
-- a row without bytes.  What their bytes would tell: date, where it was
-- filed; ids, as in head, those of copies behind them; keys, which lead
-- to it besides its permalink, each a kind's octet and the key.
CREATE TABLE gone (
	post INTEGER PRIMARY KEY REFERENCES post,
	at INTEGER NOT NULL,
	date INTEGER NOT NULL,
	ids BLOB NOT NULL,
	keys BLOB NOT NULL
) STRICT;
