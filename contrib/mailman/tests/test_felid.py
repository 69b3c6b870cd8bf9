# SPDX-License-Identifier: Apache-2.0
"""felid permalink and felid_permalink come to the same keys, on headers
made at random and on the mail in the folder that FELID_CORPORA names.

$FELID is the program.
"""

import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "contrib" / "mailman"))

import felid_permalink

FELID = os.environ.get("FELID", str(ROOT / "build" / "felid"))
CORPORA = pathlib.Path(
    os.environ.get("FELID_CORPORA", str(ROOT.parent / "shared" / "corpora")))

#: Headers made at random, and messages of each mailbox that are compared.
N_RANDOM = 5000
N_REAL = 1000

FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n))From [^\n]*\d\d:\d\d[^\n]*\n")

# What the values of a header are put together from.
ADDRESS = (b'"', b"\\", b"(", b")", b"<", b">", b"@", b",", b";", b":", b".",
           b" ", b"\t", b"a", b"B", b"[", b"]", b" at ", b"\xc3\xa9", b"\xe9",
           b"jo@x", b"\n ", b"\0", b"\x0b", b'"q"')
SUBJECT = (b"=?utf-8?q?", b"=?UTF-8?B?", b"?=", b"=?", b"?", b"=", b" ",
           b"[x]", b"re:", b"Re: ", b"w6k", b"=C3", b"=A9", b"_",
           b"=?iso-8859-1?q?", b"=?koi8-r*ru?b?", b"=?gb2312?b?",
           b"=?big5?q?", b"=?iso-2022-jp?q?", b"=1B", b"$B",
           b"=?euc-jp?q?", b"=?shift_jis?q?", b"=E9", b"=?windows-1255?q?",
           b"=?zz?q?", b"=00", b"=80", b"\t", b"abc", b"\xe9", b"[", b"]",
           b"=0A", b"=?euc-kr?b?", b"x9Gx")
DATE = (b"Fri", b",", b" ", b"2", b"02", b" Jan ", b"Feb", b"30", b"2026",
        b"26", b"126", b" 03:04:05 ", b"03", b":", b"+0000", b"-0530", b"+",
        b"EST", b"GMT", b"(", b")", b"\\", b"\n ", b"60", b"0")
GOOD_DATE = (b"Fri", b",", b" ", b"2", b" ", b"Jan", b" ", b"2026", b" ",
             b"03", b":", b"04", b":", b"05", b" ", b"+0100")
ID = (b"<", b">", b"a@b", b" ", b"\n ", b"x")


def some(rng, pieces, most):
    return b"".join(rng.choices(pieces, k=rng.randint(0, most)))


def some_date(rng):
    """A good date with up to three things wrong."""
    pieces = list(GOOD_DATE)
    for _ in range(rng.randint(0, 3)):
        at = rng.randrange(len(pieces))
        pieces[at:at + rng.randint(0, 1)] = rng.choices(
            DATE, k=rng.randint(0, 1))
    return b"".join(pieces)


def random_message(rng):
    return (b"From: " + some(rng, ADDRESS, 14) + b"\nTo: " +
            some(rng, ADDRESS, 14) + b"\nDate: " + some_date(rng) +
            b"\nSubject:" + some(rng, SUBJECT, 12) + b"\nMessage-ID:" +
            some(rng, ID, 5) + b"\n\nx\n\n")


def split(mbox):
    """The messages of mbox, which has no Content-Length."""
    starts = [match.start() for match in FROM_LINE.finditer(mbox)]
    return [mbox[a:b] for a, b in zip(starts, starts[1:] + [len(mbox)])]


class SameKeys(unittest.TestCase):
    def compare(self, messages):
        with tempfile.NamedTemporaryFile() as mbox:
            mbox.writelines(messages)
            mbox.flush()
            lines = subprocess.run(
                [FELID, "--config", "/dev/null", "permalink", "--mbox",
                 mbox.name], check=True, capture_output=True,
                text=True).stdout.splitlines()
        self.assertEqual(len(lines), len(messages))
        for message, line in zip(messages, lines):
            names = felid_permalink.names(message)
            self.assertEqual(
                (names.id or "-", names.originator, names.legacy or "-"),
                tuple(line.split("\t")), message[:2000])

    def test_random(self):
        seed = random.SystemRandom().getrandbits(32)
        rng = random.Random(seed)
        with self.subTest(seed=seed):
            self.compare(
                [b"From jo@example.org Fri Jan  2 03:04:05 2026\n" +
                 random_message(rng) for _ in range(N_RANDOM)])

    def test_real(self):
        mailboxes = sorted(CORPORA.glob("*.mbox.zst"))
        if not mailboxes:
            self.skipTest(f"there is no mail in {CORPORA}")
        for path in mailboxes:
            with self.subTest(path.name):
                mbox = subprocess.run(
                    ["zstd", "-dcq", path], check=True,
                    capture_output=True).stdout
                messages = split(mbox)
                step = max(1, len(messages) // N_REAL)
                self.compare(messages[::step])


if __name__ == "__main__":
    unittest.main()
