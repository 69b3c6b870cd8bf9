# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium, and what tests/web/package.json needs of npm, in the
build folder; a test that cannot have them says why and skips."""
import os, pathlib, shutil, subprocess, sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
WEB = SOURCE / "tests/web"


def skip(why):
    print(why)
    sys.exit(77)


def packages(*tools):
    """The folder that has them as node_modules; tools: further programs that
    the test runs."""
    for tool in ("node", "npm", "chromium", *tools):
        if shutil.which(tool) is None:
            skip(f"there is no {tool}")
    folder = pathlib.Path(os.environ.get("FELID_BUILD") or SOURCE / "build",
                          "web-tests")
    folder.mkdir(parents=True, exist_ok=True)
    lock, done = WEB / "package-lock.json", folder / "installed.json"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return folder
    shutil.copy(WEB / "package.json", folder)
    shutil.copy(lock, folder)
    got = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True)
    if "Please update your lock file" in got.stderr:
        sys.exit(got.stderr[:500])  # the lock file is not package.json's
    if got.returncode != 0:
        why = got.stderr.strip().splitlines()[:2]
        skip("npm's packages cannot be had: " + "; ".join(why))
    shutil.copy(lock, done)
    return folder


def node(script, *arguments):
    """Run tests/web/SCRIPT, which prints TAP; its exit status."""
    return subprocess.run(["node", WEB / script, *arguments]).returncode
