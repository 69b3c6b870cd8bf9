# SPDX-License-Identifier: Apache-2.0
"""The vectors that felid's own test reads, and Mailman itself."""

import doctest
import email
import hashlib
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "contrib" / "mailman"))

import felid_permalink

try:
    from mailman.email.message import Message
    from mailman.utilities.email import add_message_hash
except ImportError:
    add_message_hash = None

OCTETS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}


def unescape(column):
    return re.sub(
        rb"\\(?:([nrt\\])|x([0-9a-f]{2}))",
        lambda match: OCTETS[match[1]] if match[1] else
        bytes.fromhex(match[2].decode()), column.encode("utf-8"))


def vectors():
    path = ROOT / "tests" / "vectors" / "permalink.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


class Vectors(unittest.TestCase):
    def test_header(self):
        n = 0
        for (name, message, key, originator, _, legacy, _, text,
             _) in vectors():
            with self.subTest(name):
                message = unescape(message)
                got = felid_permalink.names(message)
                self.assertEqual(felid_permalink.originator_text(message),
                                 unescape(text))
                self.assertEqual(got.id or "-", key)
                self.assertEqual(got.originator, originator)
                self.assertEqual(got.legacy or "-", legacy)
                n += 1
        self.assertGreaterEqual(n, 40)

    def test_content(self):
        """The texts of the file make the keys of the file."""
        for name, _, _, _, content, _, _, text, parts in vectors():
            with self.subTest(name):
                self.assertEqual(
                    felid_permalink.key(unescape(text) + unescape(parts)),
                    content)


class Interface(unittest.TestCase):
    def test_docstrings(self):
        failed, tried = doctest.testmod(felid_permalink)
        self.assertEqual(failed, 0)
        self.assertGreater(tried, 0)

    def test_candidates(self):
        self.assertEqual(
            len(felid_permalink.names(b"Message-ID: <a@b>\n").candidates()),
            2)
        self.assertEqual(len(felid_permalink.names(b"").candidates()), 1)

    def test_values_of_the_email_package(self):
        for raw in (b"Message-ID: <a@b>\n\n", b"Message-ID:\r\n <a@b>\r\n\r\n",
                    b"Message-ID: <\xe9@b>\n\n"):
            message = email.message_from_bytes(raw)
            value = dict(message.raw_items())["Message-ID"]
            self.assertEqual(
                felid_permalink.key(felid_permalink.message_id(value)),
                felid_permalink.names(raw).id)

    def test_digest_is_sha256(self):
        self.assertEqual(len(felid_permalink.digest(b"")), 52)
        self.assertEqual(felid_permalink.digest(b"")[:8], "4oymiquy")


@unittest.skipIf(add_message_hash is None, "Mailman is not installed")
class Mailman(unittest.TestCase):
    """Message-ID-Hash as the Mailman that is installed writes it is the
    legacy hash, or that of the bare id."""

    IDS = (
        b" <one@example.org>", b"<one@example.org>", b" <one@example.org> ",
        b" <one@example.org>\t", b"\n <one@example.org>",
        b"\r\n <one@example.org>", b" \n\t<one@example.org>",
        b" <one@example.org> (comment)", b" (comment) <one@example.org>",
        b" <one@example.org> <two@example.org>", b" one@example.org",
        b" one@example.org ", b" <one@example.org", b" <<one@example.org>>",
        b" <=?utf-8?q?one?=@example.org>", b" <first>", b" < one@x >",
    )

    def test_hash(self):
        for value in self.IDS:
            eol = b"\r\n" if b"\r" in value else b"\n"
            raw = b"Message-ID:" + value + eol + eol
            with self.subTest(raw):
                written = add_message_hash(
                    email.message_from_bytes(raw, Message))
                identifier = felid_permalink.message_id(
                    value.lstrip(b" \t"))
                self.assertIn(written, (
                    felid_permalink.names(raw).legacy,
                    felid_permalink._base32(
                        hashlib.sha1(identifier).digest())))

    def test_no_hash(self):
        raw = email.message_from_bytes(b"Subject: x\n\n", Message)
        self.assertIsNone(add_message_hash(raw))


if __name__ == "__main__":
    unittest.main()
