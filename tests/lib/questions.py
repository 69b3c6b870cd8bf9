# SPDX-License-Identifier: Apache-2.0
"""Questions with known answers (tests/search/questions.tsv), and how well
what a search finds answers them: by the mean of 1 / place of the first
answer among the first ten, 0 where there is none (MRR)."""
import os, pathlib, re, subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TABLE = SOURCE / "tests/search/questions.tsv"
CORPORA = pathlib.Path(os.environ.get("FELID_CORPORA")
                       or SOURCE / "../shared/corpora")
SHOWN = 10
# Of a list's mail one message in so many, besides those that answer.
LISTS = {"python-committers": 1, "samba-technical": 2, "netfilter-devel": 8}


def have_mail():
    return all((CORPORA / f"{name}.mbox.zst").exists() for name in LISTS)


def mail(name, ids, step=None):
    """A part of a list's mail, the same each time: a mailbox's messages."""
    octets = subprocess.run(
        ["zstd", "-qdc", CORPORA / f"{name}.mbox.zst"], check=True,
        capture_output=True).stdout
    for n, message in enumerate(re.split(rb"(?m)^(?=From )", octets)[1:]):
        id_ = re.search(rb"(?mi)^Message-ID:\s*<([^>\n]+)>",
                        message.partition(b"\n\n")[0])
        if n % (step or LISTS[name]) == 0 or (
                id_ and id_[1].decode("utf-8", "replace") in ids):
            yield message


class Felid:
    """What felid finds, in a store within folder."""

    def __init__(self, felid, folder):
        self.felid, self.folder = felid, folder
        self.keys = {}

    def run(self, *args, status=(0,)):
        done = subprocess.run(
            [self.felid, "--store", self.folder / "store", *args],
            capture_output=True, check=False)
        if done.returncode not in status:
            raise SystemExit(f"felid {args}: {done.stderr.decode()}")
        return done.stdout.decode()

    def fill(self, name, box):
        self.run("list", "add", f"{name}.example.org", "--policy", "public")
        self.run("import", f"{name}.example.org", box)

    def index(self, ids):
        """Let search know what there is, and the permalinks of ids."""
        self.run("index")
        box = self.folder / "ids"
        box.write_text("".join(
            f"From mboxrd@z Mon Jan  1 12:00:00 2024\nMessage-ID: <{i}>\n\n\n"
            for i in ids), "utf-8")
        self.keys = {line.split("\t")[0]: i for i, line in zip(
            ids, self.run("permalink", "--mbox", box).splitlines())}

    def find(self, text):
        """The Message-IDs of what is found first, None for unknown ones."""
        found = self.run("search", "-n", str(SHOWN), "--", text,
                         status=(0, 1))
        return [self.keys.get(key)
                for key in re.findall(r"(?m)/([^/\n]+)/$", found)]


def questions():
    """[(question, what it tries, {Message-ID})]"""
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, why, ids = line.split("\t")
            found.append((text, why, set(ids.split())))
    return found


def place(found, answers):
    """The place of the first answer among what was found, or 0."""
    return next((n for n, id_ in enumerate(found[:SHOWN], 1)
                 if id_ in answers), 0)


def mrr(places):
    return sum(1 / n for n in places if n) / len(places)


def table(rows, names):
    """Rows of (question, why, places of each), and a line of sums."""
    lines = ["  ".join("%6s" % n[:6] for n in names) + "  question"]
    for text, why, places in rows:
        lines.append("  ".join("%6s" % (n or "-") for n in places)
                     + f"  {text}  ({why})")
    for i, name in enumerate(names):
        mine = [row[2][i] for row in rows]
        lines.append("%s: MRR %.3f, %d of %d first, %d among the first %d" % (
            name, mrr(mine), mine.count(1), len(mine),
            sum(n > 0 for n in mine), SHOWN))
    return "\n".join(lines)
