# SPDX-License-Identifier: Apache-2.0
"""The mail that bench/run gives to all servers alike: a list of
$FELID_CORPORA, or one that is made up."""
import collections, email, email.policy, email.utils, os, pathlib, random, re
import shutil, time

from harness import run

LISTS = ["netfilter-devel", "samba-technical", "python-committers"]


def lists():
    """Names of the lists that there are."""
    return [n for n in LISTS if find(n)] or ["made-up"]


def find(name):
    folder = os.environ.get("FELID_CORPORA")
    for end in (".mbox", ".mbox.zst"):
        path = pathlib.Path(folder or "/nowhere", name + end)
        if path.exists():
            return path
    return None


def take(bench, name, most):
    """The mailbox of a list, or of its first messages; how many it has."""
    plain = bench.top / f"{name}.mbox"
    path = find(name)
    if not plain.exists():
        if path is None:
            make_up(plain, most or 3000)
        elif path.suffix == ".zst":
            run("zstd", "-dq", path, "-o", plain)
        else:
            shutil.copyfile(path, plain)
        plain.chmod(0o644)
    short = bench.top / f"{name}-{most}.mbox" if most else plain
    n = 0
    with open(short if most else os.devnull, "wb") as out:
        for line in lines_with_starts(plain):
            if line[0]:
                if n == most:
                    break
                n += 1
            out.write(line[1])
    return short, n


def lines_with_starts(path):
    """(whether a message starts here, line)"""
    blank = True
    with open(path, "rb") as f:
        for line in f:
            yield blank and line.startswith(b"From "), line
            blank = line in (b"\n", b"\r\n")


def messages(path):
    """The messages of an mboxrd, each as bytes."""
    message = None
    for start, line in lines_with_starts(path):
        if start:
            if message is not None:
                yield b"".join(message[:-1])
            message = []
        elif message is not None:
            message.append(re.sub(rb"^>(>*From )", rb"\1", line))
    if message:
        yield b"".join(message)


def header(message):
    """The header of a message's bytes, parsed."""
    head = re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0]
    return email.message_from_bytes(head + b"\n\n",
                                    policy=email.policy.compat32)


class Survey:
    """What a list has: ids, the first of each thread, months, threads of
    about 100 messages, and words of subjects to search for."""

    def __init__(self, path):
        self.ids, self.roots = [], []
        sizes, months, first = collections.Counter(), collections.Counter(), {}
        words = collections.Counter()
        for message in messages(path):
            head = header(message)
            found = re.search(r"<([^<>\s]+)>", str(head["Message-ID"]))
            if not found or found[1] in first:
                continue
            before = re.findall(r"<([^<>\s]+)>",
                                f"{head['References']} {head['In-Reply-To']}")
            root = next((first[i] for i in before if i in first), found[1])
            first[found[1]] = root
            self.ids.append(found[1])
            sizes[root] += 1
            words.update(re.findall(r"\b[a-z]{5,}\b", str(head["Subject"])))
            when = email.utils.parsedate(str(head["Date"]))
            if when and 1980 < when[0] < 2100:
                months[when[:2]] += 1
        self.roots = [i for i in self.ids if first[i] == i]
        self.months = sorted(months)
        self.month = months.most_common(1)[0][0]
        self.big = sorted(self.roots, key=lambda i: abs(sizes[i] - 100))[:8]
        self.words = [w for w, _ in words.most_common(25)][5:]
        random.seed(1)
        self.some = random.sample(self.ids, min(4000, len(self.ids)))


# Mail that is made up ------------------------------------------------------

def make_up(path, n):
    """n messages of two years, in threads of one to some hundred."""
    random.seed(1)
    words = ["".join(random.choices("abcdefghijklmnoprstuvwy",
                                    k=random.randint(2, 10)))
             for _ in range(4000)]
    threads = []
    with open(path, "wb") as out:
        for i in range(n):
            # Who has many answers gets more.
            old = random.choice(threads) if i and random.random() < 0.8 \
                else None
            thread = old or (f"{' '.join(random.choices(words, k=5))}", [])
            subject, ids = thread
            threads.append(thread)
            when = 1700000000 + i * 63072000 // n
            refs = "".join(f"\n <{j}@example.net>" for j in ids[-5:])
            text = "\n".join(
                (">" if random.random() < 0.3 else "")
                + " ".join(random.choices(words, k=10))
                for _ in range(random.randint(5, 120)))
            out.write((
                f"From writer@example.net {time.asctime(time.gmtime(when))}\n"
                f"From: Writer {i % 97} <writer{i % 97}@example.net>\n"
                f"To: bench@lists.example.org\n"
                f"Subject: {'Re: ' if ids else ''}{subject}\n"
                f"Date: {email.utils.formatdate(when)}\n"
                f"Message-ID: <{i}@example.net>\n"
                + (f"In-Reply-To: <{ids[-1]}@example.net>\n"
                   f"References:{refs}\n" if ids else "")
                + f"\n{text}\n\n").encode())
            ids.append(i)
