#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Write the files of web/ as C: embed-web.py OUT.c OUT.h FILE..."""
import hashlib, pathlib, re, sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".json": "application/json",
         ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}

source, header, *files = map(pathlib.Path, sys.argv[1:])
c = ['/* Written by tools/embed-web.py. */', '#include "view/assets.h"', '']
h = ['/* Written by tools/embed-web.py. */']
rows = []
for n, path in enumerate(files):
    data = path.read_bytes()
    if path.suffix == ".css":  # what a browser does not need
        text = re.sub(r"/\*.*?\*/", "", data.decode(), flags=re.S)
        text = re.sub(r"\s*\n\s*", "\n", text)
        text = re.sub(r"(?<=[{;,:])[ \n]+|[ \n]+(?=[{}])", "", text)
        data = text.strip().encode()
    digest = hashlib.sha256(data).hexdigest()[:12]
    name = f"{path.stem}-{digest}{path.suffix}"
    macro = re.sub(r"\W", "_", path.name).upper()
    h.append(f'#define ASSETS_{macro} "{name}"')
    c.append(f"static const unsigned char data{n}[] = {{")
    for i in range(0, len(data), 16):
        c.append("\t" + " ".join(f"{b}," for b in data[i:i + 16]))
    c.append("};\n")
    rows.append(f'\t{{"{path.name}", "{name}", "{TYPES[path.suffix]}", '
                f"data{n}, sizeof data{n}}},")
c += ["static const Asset assets[] = {", *rows, "};", "", """\
const Asset *
assets_find(const char *name)
{
	for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++) {
		if (__builtin_strcmp(assets[i].name, name) == 0 ||
		    __builtin_strcmp(assets[i].file, name) == 0)
			return &assets[i];
	}
	return 0;
}"""]
source.write_text("\n".join(c) + "\n")
header.write_text("\n".join(h) + "\n")
