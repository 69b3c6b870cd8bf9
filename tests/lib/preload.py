# SPDX-License-Identifier: Apache-2.0
"""A library of tests/faults that is loaded into felid."""
import os, pathlib, re, subprocess
from server import FELID

BUILD = pathlib.Path(FELID).resolve().parent / "tests/faults"


class Preload:
    """While it is there, what is started has libfelid_NAME.so in it, and
    these variables."""

    def __init__(self, name, **variables):
        # The sanitizer's library will be the first or none.
        libraries = re.findall(r"\S*/libasan\S*", subprocess.run(
            ["ldd", FELID], check=True, capture_output=True, text=True).stdout)
        self.variables = {**variables, "LD_PRELOAD": ":".join(
            [*libraries[:1], str(BUILD / f"libfelid_{name}.so")])}

    def __enter__(self):
        os.environ.update(self.variables)

    def __exit__(self, *_):
        for name in self.variables:
            os.environ.pop(name)
