#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Write gettext catalogues as C: embed-words.py OUT.c FILE.po..."""
import gettext, io, pathlib, re, subprocess, sys


def quote(text):
    """A C string literal."""
    out = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}"
                  for b in text.encode())
    return f'"{out}"'


def read(path):
    """Messages by English text (and form), and the rule of plurals."""
    mo = subprocess.run(
        ["msgfmt", "--check-format", "--check-domain", "-o", "-", path],
        check=True, stdout=subprocess.PIPE).stdout
    catalogue = gettext.GNUTranslations(io.BytesIO(mo))
    head = catalogue.info()
    rule = re.fullmatch(r"nplurals=(\d+); plural=([n0-9!=<>&|?:%() ]+);",
                        head["plural-forms"])
    if not rule:
        sys.exit(f"{path}: its Plural-Forms cannot be read")
    rows = []
    for key, text in sorted(catalogue._catalog.items(),
                            key=lambda x: (x[0], 0) if isinstance(x[0], str)
                            else x[0]):
        if key:
            english, form = key if isinstance(key, tuple) else (key, 0)
            rows.append((english.encode(), form, text))
    return head["x-name"], rule[2], sorted(rows)


source, *files = map(pathlib.Path, sys.argv[1:])
c = ["/* Written by tools/embed-words.py. */",
     '#include "view/words_private.h"', ""]
tables = []
for path in sorted(files):
    tag, (name, rule, rows) = path.stem, read(path)
    c.append(f"static const WordsRow rows_{tag}[] = {{")
    for english, form, text in rows:
        c.append(f"\t{{{quote(english.decode())}, {form},\n\t {quote(text)}}},")
    c += ["};", "", f"static unsigned int\nplural_{tag}(uint64_t n)\n{{",
          f"\t(void)n;\n\treturn (unsigned int)({rule});\n}}", "",
          f"static const Words words_{tag} = {{",
          f"\t{quote(tag)}, {quote(name)}, rows_{tag},",
          f"\tsizeof rows_{tag} / sizeof rows_{tag}[0], plural_{tag}}};", ""]
    tables.append(f"\t&words_{tag},")
c += ["const Words *const words_tables[] = {", *tables, "\tNULL,", "};"]
source.write_text("\n".join(c) + "\n")
