# SPDX-License-Identifier: Apache-2.0
"""mailboxes taken in, with what searches are answered from

Of netfilter-devel, samba-technical and python-committers: felid, HyperKitty
(PostgreSQL, Xapian), public-inbox, MHonArc (which has no search), notmuch
new (which has no pages).  HyperKitty and public-inbox get the first 5,000
messages of a list where nothing else is asked for."""
import shutil

import corpus
from harness import Meter, median, table
from servers import Felid, HyperKitty, MHonArc, Notmuch, PublicInbox

SLOW = (HyperKitty, PublicInbox)
HEAD = ["list", "server", "messages", "CPU s", "wall s", "cores",
        "messages / CPU s", "felid is ... times", "peak PSS MiB",
        "disk / mail", "of which", "written / mail"]


def once(bench, kind, mbox, n):
    """CPU, wall, peak, bytes on disk and written; and the parts' bytes."""
    server = kind(bench.top / "server")
    bench.say(f"{mbox.stem}: {kind.name}, {n} messages")
    server.prepare(mbox)
    with Meter(bench, watch=True) as meter:
        server.fill(mbox)
    parts = server.parts()
    shutil.rmtree(server.top)
    return [meter.cpu, meter.wall, meter.peak / 1024, meter.written,
            *parts.values()], list(parts)


def measure(bench, name, kinds):
    rows, ours = [], None
    for kind in kinds:
        most = bench.messages(5000 if kind in SLOW else 0,
                              500 if kind in SLOW else 3000)
        mbox, n = corpus.take(bench, name, most)
        size = mbox.stat().st_size
        rounds = [once(bench, kind, mbox, n) for _ in range(bench.rounds)]
        cpu, wall, peak, written, *parts = median(r for r, _ in rounds)
        rate = n / cpu
        ours = rate if kind is Felid else ours
        rows.append([
            name, kind.name, n, cpu, wall, cpu / wall, rate,
            ours and f"{ours / rate:.1f}", peak, f"{sum(parts) / size:.2f}",
            ", ".join(f"{what} {part / size:.2f}"
                      for what, part in zip(rounds[0][1], parts)),
            f"{written / size:.2f}"])
    return rows


def main(bench):
    Felid.program = bench.felid()
    kinds = bench.chosen([Felid, Notmuch, MHonArc, PublicInbox, HyperKitty])
    rows = []
    for name in corpus.lists():
        rows += measure(bench, name, kinds)
        for plain in bench.top.glob("*.mbox"):
            plain.unlink()
    table(HEAD, rows)
