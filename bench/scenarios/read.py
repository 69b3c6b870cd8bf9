# SPDX-License-Identifier: Apache-2.0
"""every kind of page, beside nginx with the same bytes and beside the peers

The first 5,000 messages of netfilter-devel.  With 16 connections (mailboxes
with 4), and what is read most with 256.  "cold": pages that were not asked for before; threads
are of about 100 messages.  us are microseconds of CPU of all processes of a
server, for each answer, and the only figures that a busy machine leaves
alone; "times": how many of felid's a peer needs.  nginx has felid's pages as
files."""
import urllib.request

import corpus
import web
from harness import median, pss_of, table, trees
from servers import Felid, HyperKitty, Nginx, PublicInbox

# (name, kind of page, connections, not asked for before, peers too)
ROWS = [
    ("message, cold", "message", 16, True, True),
    ("message", "message", 16, False, True),
    ("thread, cold", "thread", 16, True, True),
    ("thread", "thread", 16, False, False),
    ("list", "list", 16, False, True),
    ("list, 304", "list", 16, False, False),
    ("month", "month", 16, True, True),
    ("search", "search", 16, False, True),
    ("raw message", "raw", 16, False, True),
    ("list's feed, cold", "list feed", 16, True, False),
    ("list's feed", "list feed", 16, False, True),
    ("thread's feed", "thread feed", 16, True, True),
    ("thread's mailbox", "thread mbox", 4, False, True),
    ("month's mailbox", "month mbox", 4, False, False),
    ("message, cold", "message", 256, True, True),
    ("message", "message", 256, False, False),
    ("thread, cold", "thread", 256, True, False),
]
# Messages that are asked for again and again.
WARM = 200


def etag_of(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.headers["ETag"]


class Reading:
    """The servers with the list, and what it has."""

    def __init__(self, bench, mbox, kinds):
        self.bench = bench
        self.survey = corpus.Survey(mbox)
        self.nginx = Nginx in kinds
        self.servers = []
        for kind in kinds:
            server = kind(bench.top / kind.name)
            bench.say(f"{kind.name} is filled")
            server.prepare(mbox)
            if kind is not Nginx:
                server.fill(mbox)
            server.start(bench)
            self.servers.append(server)
        self.pages = {s: self.paths_of(s) for s in self.servers
                      if s.name != "nginx"}

    def paths_of(self, server):
        return {kind: list(paths)
                for kind, paths in server.pages(self.survey).items()}

    def row(self, name, kind, connections, cold, peers):
        """Medians for each server; None: it has no such page."""
        felid, asked = self.servers[0], {}
        for server in self.servers:
            ours = server.name in ("felid", "nginx")
            paths = self.pages.get(server, {}).get(kind)
            if server.name == "nginx":
                paths = server.copy(self.bench, felid,
                                    self.pages[felid][kind])
            if paths and kind == "message" and not cold:
                paths = paths[:WARM]
            if paths and (ours or peers):
                asked[server] = paths, cold and server is felid, (
                    etag_of(felid.base + paths[0])
                    if "304" in name and server is felid else None)
        rounds = {server: [] for server in asked}
        for n in range(self.bench.rounds):
            for server, (paths, fresh, etag) in asked.items():
                self.bench.say(f"{name}, {connections} connections, round "
                               f"{n + 1}: {server.name}")
                rounds[server].append(web.ask(
                    self.bench, server, paths, connections,
                    self.bench.seconds(3, 3), cold=fresh, etag=etag))
        return [self.cell(rounds.get(server)) for server in self.servers]

    @staticmethod
    def cell(rounds):
        got = median(rounds or [None])
        return web.Asked(*got) if got else None


def main(bench):
    Felid.program = bench.felid()
    kinds = bench.chosen([Felid, Nginx, PublicInbox, HyperKitty])
    mbox, n = corpus.take(bench, corpus.lists()[0], bench.messages())
    reading = Reading(bench, mbox, kinds)
    head = ["page", "connections", "felid us", "answers / s", "p99 ms",
            "bytes", "failed"]
    for kind in kinds[1:]:
        head += [f"{kind.name} us", "times"]
    rows = []
    only = bench.options.pages
    for row in ROWS:
        if only and row[1] not in only.split(","):
            continue
        ours, *others = reading.row(*row)
        cells = [row[0], row[2], ours.cpu, ours.rate, ours.p99, ours.size,
                 ours.failed]
        for other in others:
            fair = other and not other.failed
            cells += [other.cpu if fair else None,
                      f"{other.cpu / ours.cpu:.2f}" if fair and ours.cpu
                      else None]
        rows.append(cells)
    print(f"{n} messages, {mbox.name}\n")
    table(head, rows)
    workers = [p for p, (name, _) in trees(
        [reading.servers[0].processes[0].pid]).items()
        if name == "felid-http"]
    print(f"\nfelid's worker after that: {pss_of(workers) / 1024:.1f} MiB PSS")
