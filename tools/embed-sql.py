#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed-sql.py OUT SQL...: each file as a C string called schema_NAME."""
import pathlib, sys

out = ["/* Made by tools/embed-sql.py. */"]
for name in sys.argv[2:]:
    path = pathlib.Path(name)
    out.append(f"static const char schema_{path.name.split('.')[0]}[] =")
    lines = [line.strip() for line in path.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("--")]
    for line in lines:
        text = line.replace("\\", "\\\\").replace('"', '\\"')
        out.append(f'    "{text}\\n"')
    out[-1] += ";"
pathlib.Path(sys.argv[1]).write_text("\n".join(out) + "\n")
