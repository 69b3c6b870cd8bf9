#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fail when a file under src/ includes a header of a layer above its own, or
docs/ARCHITECTURE.md tells of other layers."""
import pathlib, re, sys

# A folder may include itself and the folders named here; nothing else.
MAY = {
    "base": [],
    "mail": ["base"],
    "store": ["base", "mail"],
    "archive": ["base", "mail", "store"],
    "net": ["base"],
    "search": ["base", "net", "mail", "archive"],
    "view": ["base", "mail", "archive", "search"],
    "lmtp": ["base", "net", "mail", "archive"],
    "http": ["base", "net", "mail", "archive", "search", "view"],
    "cmd": ["base", "mail", "store", "archive", "net", "search", "view", "lmtp",
            "http"],
}
# A library's header may be named only below the folder that wraps it.
WRAPS = {"gmime/": "mail", "sqlite3.h": ("store/sqlite", "search/index"),
         "libstemmer.h": "search/stem",
         "zstd": ("store/", "archive/source", "http/mbox"),
         "zlib.h": ("archive/source", "http/mbox",
                   "http/response"),
         "microhttpd.h": "http/server", "event2/": "net", "libxml/": "mail/html",
         "seccomp.h": "base/sandbox", "linux/landlock.h": "base/sandbox"}

bad = 0
for path in sorted(pathlib.Path("src").rglob("*.[ch]")):
    rel = path.relative_to("src")
    for n, line in enumerate(path.read_text().splitlines(), 1):
        m = re.match(r'#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', line)
        if not m:
            continue
        ours, theirs = m.groups()
        if ours:
            top = ours.split("/")[0]
            if top != rel.parts[0] and top not in MAY[rel.parts[0]]:
                print(f"{path}:{n}: {rel.parts[0]} may not include {ours}")
                bad = 1
        for prefix, home in WRAPS.items():
            if theirs and theirs.startswith(prefix) and not str(rel).startswith(home):
                print(f"{path}:{n}: <{theirs}> belongs to {home} alone")
                bad = 1
told = re.findall(r"^\| `(\w+)` \| ([\w, ]*) ?\|",
                  pathlib.Path("docs/ARCHITECTURE.md").read_text(), re.M)
for folder, includes in MAY.items():
    if (folder, ", ".join(includes)) not in [(f, i.strip()) for f, i in told]:
        print(f"docs/ARCHITECTURE.md: the row of {folder} is not that of MAY")
        bad = 1
sys.exit(bad)
