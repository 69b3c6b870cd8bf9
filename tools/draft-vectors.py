#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write tests/vectors/permalink.tsv into the appendix of the Internet-Draft;
with --check, fail if it is not what stands there."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRAFT = ROOT / "docs" / "draft-felid-hashed-message-id.md"
VECTORS = ROOT / "tests" / "vectors" / "permalink.tsv"
MARK = "<!-- vectors: tools/draft-vectors.py writes what follows -->\n"
WIDTH = 69

# The labels of the appendix in its order, and the columns of the file.
LINES = (("message", 1), ("id key", 2), ("originator text", 7),
         ("originator key", 3), ("content text", 8), ("content key", 4),
         ("legacy hash", 5), ("SHA-1 of the id", 6))


def wrap(line):
    """line, if it is too long, cut behind each line feed that it writes,
    and within what is too long still: at no space, in no escape."""
    pieces = []
    if len(line) <= WIDTH:
        return line
    for piece in re.findall(r"(?:\\[^n]|[^\\])*(?:\\n|\Z)", line):
        while len(piece) > WIDTH - 4:
            cut = WIDTH - 4
            while piece[cut - 1] == " " or re.search(
                    r"\\(?:x.?)?\Z", piece[:cut]):
                cut -= 1
            pieces.append(piece[:cut])
            piece = piece[cut:]
        pieces.append(piece)
    return "\n    ".join(filter(None, pieces))


def appendix():
    """The vectors; of all but the first only what is not as in that."""
    out, first = [], None
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        out.append(f"\n{columns[0]}:\n\n~~~\n")
        for label, column in LINES:
            if not first or columns[column] != first[column]:
                text = f"{label}: {columns[column]}".rstrip(" ")
                out.append(wrap(text) + "\n")
        first = first or columns
        out.append("~~~\n")
    return "".join(out)


def main():
    draft = DRAFT.read_text(encoding="utf-8")
    body, mark, _ = draft.partition(MARK)
    assert mark, f"{DRAFT}: the line that marks the vectors is missing"
    wanted = body + mark + appendix()
    if sys.argv[1:] == ["--check"]:
        if draft != wanted:
            sys.exit(f"{DRAFT}: the vectors are not those of {VECTORS}; "
                     "run tools/draft-vectors.py")
    else:
        DRAFT.write_text(wanted, encoding="utf-8")


main()
