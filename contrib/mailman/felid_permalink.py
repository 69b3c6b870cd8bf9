# SPDX-License-Identifier: Apache-2.0
"""The names of a message that anyone can compute, without asking felid.

Pure: no I/O, no configuration, nothing beside the standard library.  The
rules are those of docs/draft-felid-hashed-message-id.md, whose section
names the comments below give; src/mail/permalink.c follows the same ones,
and tests/vectors/permalink.tsv is the contract between the two.

    >>> names(b"Message-ID: <one@example.org>\\n\\n").id
    'g4kohci5ya5om57mj7mzde256x3ej7of'

A message is given as bytes, with line ends LF or CRLF.  What a rule calls
"white space" is HT, LF, VT, FF, CR and SP, as for bytes.strip().
"""

import base64
import dataclasses
import datetime
import hashlib
import re

#: Digits of a key: the first 160 bits of a digest in base32.
KEY_LEN = 32

#: Addresses of one field that count.
MAX_ADDRESSES = 10000

_AUTHOR_FIELDS = (b"author", b"x-mailman-original-from", b"x-original-from",
                  b"from")
_DATE_FIELDS = (b"x-original-date", b"date")


@dataclasses.dataclass(frozen=True)
class Names:
    """The keys of a message; None where it has none of a kind.

    id and legacy are there only where the message has a Message-ID.
    """

    id: str | None
    originator: str
    legacy: str | None

    def candidates(self):
        """The keys to ask an archive for, in this order."""
        return [key for key in (self.id, self.originator) if key]


def names(message):
    """The names of message, of which only the header is read."""
    fields = _fields(message)
    value = _first(fields, (b"message-id",))
    identifier = message_id(value) if value is not None else b""
    return Names(
        id=key(identifier) if identifier else None,
        originator=key(_originator_text(fields)),
        legacy=legacy_hash(value) if identifier else None)


def originator_text(message):
    """The canonical originator text of message, as bytes."""
    return _originator_text(_fields(message))


def digest(octets):
    """The whole SHA-256 of octets, as Hashed-Message-ID-SHA256 has it."""
    return _base32(hashlib.sha256(octets).digest()).lower()


def key(octets):
    """The key that octets have."""
    return digest(octets)[:KEY_LEN]


def _base32(octets):
    return base64.b32encode(octets).decode("ascii").rstrip("=")


# The Message-ID ----------------------------------------------------------

def message_id(value):
    """The octets of the Message-ID of a field's value; b"" is none.

    value may be what email.message.Message has: a str (perhaps with
    surrogates) or a Header, whose folds are then taken out here.
    """
    value = _octets(value)
    before, opened, rest = value.partition(b"<")
    inside, closed, behind = rest.partition(b">")
    return inside if opened and closed else value.strip()


def legacy_hash(value):
    """Mailman's Message-ID-Hash of a field's value."""
    value = _octets(value)
    if len(value) >= 2 and value.startswith(b"<") and value.endswith(b">"):
        value = value[1:-1]
    else:
        value = value.strip()
    return _base32(hashlib.sha1(value).digest())


def _octets(value):
    if not isinstance(value, bytes):
        value = str(value).encode("utf-8", "surrogateescape")
    return re.sub(b"[\r\n\0]", b"", value)


# The header block --------------------------------------------------------

_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]+)[ \t]*:")


def _fields(message):
    """The fields of message: pairs of a name in lower case and a value."""
    lines = _header_lines(message)
    fields = []
    while lines:
        first = lines.pop()
        match = _FIELD.match(first)
        if first[:1] in (b" ", b"\t"):
            continue
        if not match:
            break
        parts = [first[match.end():].lstrip(b" \t")]
        while lines and lines[-1][:1] in (b" ", b"\t"):
            parts.append(lines.pop())
        fields.append((match[1].lower(), _octets(b"".join(parts))))
    return fields


def _header_lines(message):
    """The lines of message up to an empty one, the first of them last; a
    "From " line is left out."""
    end = re.search(rb"^\r?(?:\n|\Z)", message, re.MULTILINE)
    lines = message[:end.start() if end else None].split(b"\n")
    if lines[0].startswith(b"From "):
        del lines[0]
    lines.reverse()
    return lines


def _first(fields, wanted):
    """The value of the first field called by the first of wanted that is
    there at all, or None."""
    for name in wanted:
        for other, value in fields:
            if other == name:
                return value
    return None


# The originator text -----------------------------------------------------

def _originator_text(fields):
    author = _first(fields, _AUTHOR_FIELDS)
    date = _first(fields, _DATE_FIELDS)
    to = _first(fields, (b"to",))
    subject = _first(fields, (b"subject",))
    seconds = parse_date(date or b"")
    return (
        "originator-v1\n"
        f"author:{','.join(addresses(author or b''))}\n"
        f"date:{'' if seconds is None else seconds}\n"
        f"to:{','.join(addresses(to or b''))}\n"
        f"subject:{canonical_subject(subject or b'')}\n"
    ).encode("utf-8")


def octets_to_text(octets):
    """Octets of no charset: UTF-8 if they are that, else Windows-1252."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("cp1252", "replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


# Addresses ---------------------------------------------------------------

def addresses(value):
    """The canonical addresses of a field's value: a sorted list."""
    text = octets_to_text(value)
    if "@" not in text:
        text = text.replace(" at ", "@")
    specs = {_lower(spec) for spec in _Scanner(text).scan()}
    return sorted(specs, key=lambda spec: spec.encode("utf-8"))


def _lower(text):
    """text with its ASCII letters, and no others, in lower case."""
    return re.sub("[A-Z]+", lambda match: match[0].lower(), text)


class _Spec:
    """What may become an addr-spec: text, and where its last "@" outside
    a quoted string is."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.chars = []
        self.at = -1

    def add(self, char):
        if char == "@":
            self.at = len(self.chars)
        self.chars.append(char)

    def end(self, specs):
        if 0 < self.at < len(self.chars) - 1:
            specs.append("".join(self.chars))
        self.clear()


class _Scanner:
    """A field's value, character by character; nothing recurses."""

    SPACE = "\t\n\v\f\r "

    def __init__(self, text):
        self.text = text
        self.pos = 0
        self.out = []
        self.begin()

    def begin(self):
        self.word = _Spec()
        self.words = []
        self.angles = []
        self.bracketed = False
        self.space = False

    def peek(self):
        return self.text[self.pos] if self.pos < len(self.text) else ""

    def scan(self):
        while (char := self.peek()) and len(self.out) < MAX_ADDRESSES:
            if char == "<":
                self.take_angle()
                self.space = True
            elif char == "(":
                self.skip_comment()
                self.space = True
            elif char in self.SPACE:
                self.pos += 1
                self.space = True
            elif char in ",;":
                self.end_address()
                self.pos += 1
            elif char == ":":
                self.word.clear()
                self.words = []
                self.space = False
                self.pos += 1
            else:
                self.take_text(char)
        self.end_address()
        return self.out[:MAX_ADDRESSES]

    def end_address(self):
        self.word.end(self.words)
        self.out += self.angles if self.bracketed else self.words
        self.begin()

    def take_text(self, char):
        chars = self.word.chars
        if self.space and chars and char not in "@." \
                and chars[-1] not in "@.":
            self.word.end(self.words)
            chars = self.word.chars
        self.space = False
        if char == '"':
            self.take_quoted(self.word)
        elif char == "[" and chars and chars[-1] == "@":
            end = self.text.find("]", self.pos)
            end = len(self.text) if end < 0 else end + 1
            chars += (c for c in self.text[self.pos:end]
                      if c not in self.SPACE)
            self.pos = end
        else:
            self.word.add(char)
            self.pos += 1

    def take_quoted(self, spec):
        match = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL).match(
            self.text, self.pos)
        spec.chars += match[0]
        self.pos = match.end()

    def skip_comment(self):
        depth = 0
        while char := self.peek():
            self.pos += 2 if char == "\\" else 1
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return

    def take_angle(self):
        spec = _Spec()
        self.bracketed = True
        self.pos += 1
        while (char := self.peek()) and char != ">":
            route = spec.chars[:1] == ["@"]
            if char == "(":
                self.skip_comment()
                continue
            if char == '"':
                self.take_quoted(spec)
                continue
            if char in ",;" and not route:
                break
            if char == "<" or (char == ":" and route):
                spec.clear()
            elif char not in self.SPACE:
                spec.add(char)
            self.pos += 1
        if char == ">":
            self.pos += 1
        spec.end(self.angles)


# Dates -------------------------------------------------------------------

_MONTHS = {name: number for number, name in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
          "pst": -8, "pdt": -7}
_DATE = re.compile(
    r" ?(?:[a-z]+ ?,? ?)?"
    r"(?P<day>[0-9]{1,2}) ?"
    r"(?P<month>[a-z]+) ?"
    r"(?P<year>[0-9]{2,4})(?![0-9]) ?"
    r"(?P<hour>[0-9]{1,2}) ?: ?(?P<minute>[0-9]{2})(?![0-9]) ?"
    r"(?:: ?(?P<second>[0-9]{2})(?![0-9]) ?)?"
    r"(?:(?P<sign>[-+])(?P<hh>[0-9]{2})(?P<mm>[0-5][0-9])|(?P<zone>[a-z]*))"
    r" ?\Z",
    re.ASCII | re.IGNORECASE)


def parse_date(value):
    """Seconds since the epoch of a Date's value, or None: unreadable."""
    text = _without_comments(value.decode("latin-1"))
    match = _DATE.match(re.sub("[\t-\r ]+", " ", text))
    month = _MONTHS.get(match["month"].lower()) if match else None
    if month is None:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 50 else 1900
    elif len(match["year"]) == 3:
        year += 1900
    hour, minute = int(match["hour"]), int(match["minute"])
    second = int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    try:
        day = datetime.date(year, month, int(match["day"])).toordinal()
    except ValueError:
        return None
    east = 3600 * _ZONES.get((match["zone"] or "").lower(), 0)
    if match["sign"]:
        east = int(match["hh"]) * 3600 + int(match["mm"]) * 60
        east = -east if match["sign"] == "-" else east
    days = day - datetime.date(1970, 1, 1).toordinal()
    return days * 86400 + hour * 3600 + minute * 60 + second - east


def _without_comments(text):
    """text with each comment a space."""
    out, depth, pos = [], 0, 0
    while pos < len(text):
        char = text[pos]
        depth += char == "("
        if depth == 0:
            out.append(char)
        elif char == ")":
            depth -= 1
            out.append(" ")
        pos += 2 if depth and char == "\\" else 1
    return "".join(out)


# Subjects ----------------------------------------------------------------

_WORD = re.compile(r"=\?([^? \t]+)\?([bq])\?(.*?)\?=", re.I | re.S)
_PREFIX = re.compile(r"(?:(?:\[[^\]]*\]|re:) *)+", re.I | re.A)

#: The charsets of encoded-words, and how Python calls them.
CHARSETS = {
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "cp866": "cp866", "ibm866": "cp866",
    "cp932": "cp932", "shift_jis": "cp932", "shift-jis": "cp932",
    "windows-31j": "cp932",
    "cp949": "cp949", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "cp936": "gb18030", "gb18030": "gb18030", "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp_2",
    "iso-8859-1": "cp1252", "latin1": "cp1252",
    "iso-8859-8-i": "iso8859_8", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u",
    **{f"iso-8859-{n}": f"iso8859_{n}"
       for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"{prefix}{n}": f"cp{n}"
       for prefix in ("cp", "windows-") for n in range(1250, 1259)},
}


def canonical_subject(value):
    """The subject as the originator text has it."""
    text = re.sub("[\t-\r ]+", " ", decode_words(value)).strip(" ")
    match = _PREFIX.match(text)
    return text[match.end():] if match else text


def decode_words(value):
    """value with its encoded-words decoded."""
    text = octets_to_text(value)
    out, run, charset, pos = [], b"", None, 0
    # Not beyond the last end of a word: the search is then linear.
    last = text.rfind("?=") + 2
    while match := _WORD.search(text, pos, last):
        between = text[pos:match.start()]
        name = _lower(match[1]).partition("*")[0]
        if charset is None or between.strip("\t\n\v\f\r "):
            out += _charset_to_text(run, charset), between
            run = b""
        elif name != charset:
            out.append(_charset_to_text(run, charset))
            run = b""
        charset = name
        run += _undo(match[2].lower(), match[3])
        pos = match.end()
    out += _charset_to_text(run, charset), text[pos:]
    return "".join(out)


def _undo(encoding, text):
    octets = text.encode("utf-8")
    if encoding == "q":
        return re.sub(
            rb"=([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(
                match[1].decode("ascii")), octets.replace(b"_", b" "))
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", octets.partition(b"=")[0])
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return base64.b64decode(digits + b"=" * (-len(digits) % 4))


#: What Python's gb18030 still has in the private use area, as the standard
#: of 2022 and other libraries have it.
_GB18030 = dict(zip(
    map(ord, "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796"
        "\ue7c7\ue816\ue817\ue818\ue81e\ue826\ue82b\ue82c\ue831\ue832"
        "\ue83b\ue843\ue854\ue855\ue864"),
    "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
    "\u1e3f\U00020087\U00020089\U000200cc\u9fb4\u9fb5\u9fb6\u9fb7"
    "\U000215d7\u9fb8\U0002298f\u9fb9\u9fba\U000241fe\u9fbb"))


def _charset_to_text(octets, charset):
    codec = CHARSETS.get(charset)
    if codec and octets:
        try:
            text = octets.decode(codec)
        except UnicodeDecodeError:
            return octets_to_text(octets)
        if codec == "gb18030":
            text = text.translate(_GB18030)
        if not re.search("[\x1b\x80-\x9f]", text):
            return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return octets_to_text(octets)
