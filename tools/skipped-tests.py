#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""skipped-tests.py LOG: name each test of meson's testlog.json that was
skipped, and why."""
import json, re, sys

for line in open(sys.argv[1], encoding="utf-8"):
    test = json.loads(line)
    if test["result"] != "SKIP":
        continue
    said = test.get("stdout", "") + test.get("stderr", "")
    why = re.findall(r"# SKIP\s+(.+)", said) or said.strip().splitlines()[-1:]
    print(f"{test['name']}: {why[0] if why else 'it does not say why'}")
