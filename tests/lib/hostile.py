# SPDX-License-Identifier: Apache-2.0
"""Mail that means harm: made here, and other projects' collections of it."""
import os, pathlib, subprocess, tempfile

from server import SOURCE

COLLECTIONS = ["mime-tools", "mimekit", "public-inbox",
               "stalwart-mail-parser", "xss-payloadbox"]
CORPORA = pathlib.Path(os.environ.get("FELID_CORPORA")
                       or SOURCE.parent / "shared" / "corpora")


def message(name, body=b"", head=b"", eol=b"\n"):
    """name gives it a Message-ID and a subject; head is more fields."""
    fields = (f"From: jo@example.net\nTo: dev@lists.example.org\n"
              f"Subject: {name}\nMessage-ID: <{name}@example.net>\n"
              "Date: Mon, 1 Jan 2024 12:00:00 +0000\n").encode()
    return (fields + head + b"\n" + body).replace(b"\n", eol)


def multipart(name, body, boundary=b"b"):
    return message(name, body, b"MIME-Version: 1.0\nContent-Type: "
                   b'multipart/mixed; boundary="' + boundary + b'"\n')


def nested(name, n, closed=True):
    """n multiparts, each in the one before."""
    open_ = b"".join(b"--%d\nContent-Type: multipart/mixed; boundary=%d\n\n"
                     % (i, i + 1) for i in range(n))
    text = b"--%d\n\nThe innermost text.\n" % n
    close = b"".join(b"--%d--\n" % i for i in range(n, -1, -1))
    return multipart(name, open_ + text + (close if closed else b""), b"0")


def groups(name, size):
    return message(name, b"Text.\n").replace(
        b"To: dev@lists.example.org", b"To: " + (b"g:" * size)[:size])


def generated():
    """{name: octets} of messages that each go for one weakness."""
    made = {
        "groups-10k": groups("groups-10k", 10 << 10),
        "groups-200k": groups("groups-200k", 200 << 10),
        "nested-1000": nested("nested-1000", 1000),
        "nested-100000": nested("nested-100000", 100000),
        "nested-open": nested("nested-open", 100000, closed=False),
        "fields-1m": message("fields-1m", b"Text.\n", b"X-Y: z\n" * 1000000),
        "fields-same": message("fields-same", b"Text.\n",
                               b"To: a@example.org\nSubject: s\n" * 50000),
        "line-50m": message("line-50m", b"x" * (50 << 20) + b"\n"),
        "field-5m": message("field-5m", b"Text.\n",
                            b"X-Long: " + b"y" * (5 << 20) + b"\n"),
        "folded": message("folded", b"Text.\n",
                          b"X-Long: a\n" + b" b\n" * 500000),
        "boundaries": multipart("boundaries", b"--b\n" * (1500 << 10)),
        "boundaries-ended": multipart("boundaries-ended",
                                      b"--b--\n" * (1 << 20)),
        "parts-20000": multipart("parts-20000", b"--b\n\nx\n" * 20000),
        "boundary-twice": multipart(
            "boundary-twice", b"--b\nContent-Type: multipart/mixed; "
            b"boundary=b\n\n--b\n\nOne\n--b--\n\n--b\n\nTwo\n--b--\n"),
        "boundary-empty": multipart("boundary-empty", b"--\n\nx\n----\n", b""),
        "boundary-long": multipart("boundary-long", b"--" + b"b" * 70000
                                   + b"\n\nx\n", b"b" * 70000),
        "nul": message("nul", b"\0Text\0 with\0\n\0\n\0" * 100,
                       b"X-Nul: \0a\0\n"),
        "nul-subject": message("nul-subject", b"Text.\n").replace(
            b"Subject: nul", b"Subject: n\0ul"),
        "cr": message("cr", b"a\rb\r\rc\r\nd\n\re\n\r\n.\r.\n.\r\n..\r\r\n"),
        "cr-head": message("cr-head", b"Text.\r\n", b"X-A: a\rX-B: b\r\r\n"),
        "crlf": message("crlf", b"Text.\n.\n..\n.x\n", eol=b"\r\n"),
        "lf-dot-lf": message("lf-dot-lf", b"one\n.\nMAIL FROM:<>\n.\n"),
        "lf-dot-crlf": message("lf-dot-crlf", b"one\n.\r\nMAIL FROM:<>\r\n"),
        "cr-dot-cr": message("cr-dot-cr", b"one\r.\rtwo\r\n"),
        "no-line-end": message("no-line-end", b"Text without an end"),
        "no-header": b"\nNothing but text, and not even a name.\n",
        "header-only": b"From: jo@example.net\nSubject: header only\n",
        "header-cut": b"From: jo@example.net\nSubject: header cut",
        "one-byte": b"x",
        "nonsense": b"This is no field at all\nneither is this\n\nText.\n",
        "colon": b":\n:\n::\n\nText.\n",
        "from-lines": message("from-lines", b"From here\n>From there\n\n"
                              b"From jo@example.net Mon Jan  1 12:00:00 2024\n"
                              b"Subject: not a message\n\nFrom \n"),
        "length": message("length", b"Text.\n\nFrom nobody\n",
                          b"Content-Length: 3\nLines: 1\n"),
        "8bit": message("8bit", bytes(range(256)) * 100,
                        b"X-Bits: " + bytes(range(128, 256)) + b"\n"),
        "8bit-head": message("8bit-head", b"Text.\n").replace(
            b"Subject: 8bit", b"Subject: \xff\xfe\xf0\x9f8bit"),
        "8bit-id": message("8bit-id", b"Text.\n").replace(
            b"<8bit-id@", b"<\xff\xfe \"%2F/../<script>@"),
        "random": message("random", b"".join(
            (i * 2654435761 % 2 ** 32).to_bytes(4, "little")
            for i in range(1 << 18))),
        "references": message(
            "references", b"Text.\n", b"References:" + b"".join(
                b"\n <%d@example.net>" % i for i in range(50000)) + b"\n"),
        "references-line": message("references-line", b"Text.\n",
                                   b"References: " + b"<" * (1 << 20) + b"\n"),
        "references-self": message("references-self", b"Text.\n", b"References:"
                                   b" <references-self@example.net>\nIn-Reply-"
                                   b"To: <references-self@example.net>\n"),
        "subject-words": message("x", b"Text.\n").replace(
            b"Subject: x", b"Subject: " + b"=?UTF-8?B?w6TDtsO8?= " * 50000
        ).replace(b"<x@", b"<subject-words@"),
        "subject-word": message("x", b"Text.\n").replace(
            b"Subject: x", b"Subject: =?UTF-8?Q?" + b"=C3" * 200000 + b"?="
        ).replace(b"<x@", b"<subject-word@"),
        "subject-re": message("x", b"Text.\n").replace(
            b"Subject: x", b"Subject: " + b"Re: [a] " * 100000).replace(
                b"<x@", b"<subject-re@"),
        "base64": message("base64", b"=A=B\xff" + b"YWJj" * 1000 + b"=x==\n",
                          b"Content-Transfer-Encoding: base64\n"),
        "quoted-printable": message(
            "quoted-printable", b"=" * 100000 + b"=X=\n=0=\r=\n",
            b"Content-Transfer-Encoding: quoted-printable\n"),
        "uuencode": message("uuencode", b"begin 644 x\n" * 50000 + b"M\n"),
        "type": message("type", b"Text.\n", b"Content-Type: " + b";a=b" * 20000
                        + b"\n"),
        "parameters": message("parameters", b"Text.\n", b"Content-Type: "
                              b"text/plain" + b"".join(
                                  b";\n name*%d*=%%41" % i
                                  for i in range(10000)) + b"\n"),
        "charset": message("charset", b"\x1b$B" * 100000 + b"\n", b"Content-"
                           b"Type: text/plain; charset=iso-2022-jp\n"),
        "utf-16": message("utf-16", b"\xd8\x00" * 100001, b"Content-Type: "
                          b"text/plain; charset=utf-16\n"),
        "comments": message("comments", b"Text.\n").replace(
            b"To: dev", b"To: " + b"(" * 50000 + b" dev"),
        "date": message("date", b"Text.\n").replace(
            b"Mon, 1 Jan 2024", b"(" * 50000 + b" 32 Foo 99999999999"),
        "quotes": message("quotes", b">" * 1000000 + b"\n" + b"> " * 1000000),
        "urls": message("urls", b"http://" * 100000 + b"\n" + b"a@" * 100000),
        "empty-lines": message("empty-lines", b"\n" * 3000000),
        "html-deep": message("html-deep", b"<div>" * 100000, b"Content-Type: "
                             b"text/html\n"),
        "html-tag": message("html-tag", b"<a " + b"b='c' " * 100000, b"Content-"
                            b"Type: text/html\n"),
        "html-entity": message("html-entity", b"&#x10ffff;&lt;script&gt;"
                               b"&#0;&amp" * 20000, b"Content-Type: "
                               b"text/html\n"),
        "html-open": message("html-open", b"<b>" * 50000 + b"</i>" * 50000,
                             b"Content-Type: text/html\n"),
    }
    rfc822 = b"Content-Type: message/rfc822\n\n"
    made["rfc822"] = message("rfc822", rfc822 * 100000 + b"Text.\n",
                             b"Content-Type: message/rfc822\n")
    made["rfc822-parts"] = message("rfc822-parts", b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n%s" % (
            i, i, rfc822) for i in range(20000)) + b"Text.\n",
        b"Content-Type: message/rfc822\n")
    return made


def collection(name):
    """{path: octets} of a collection, or None where it is absent."""
    archive = CORPORA / "torture" / f"{name}.tar.zst"
    if not archive.exists():
        return None
    with tempfile.TemporaryDirectory(prefix="felid-") as folder:
        subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder,
                        "--no-same-permissions"], check=True)
        return {str(p.relative_to(folder)): p.read_bytes()
                for p in sorted(pathlib.Path(folder).rglob("*"))
                if p.is_file()}
