# SPDX-License-Identifier: Apache-2.0
"""the memory of each stack at rest

PSS of all processes: just started, with the first 1,000 messages of
netfilter-devel; and when 20 more have come in, 500 pages were read, and nobody
has asked for anything in ten seconds.  felid is felid serve as it comes, and
felid forward; HyperKitty is gunicorn, its queue and PostgreSQL, public-inbox its
web server.  Mailman's core is not counted."""
import collections, time, urllib.request

import corpus
from harness import pss_of, settle, table, trees, until
from servers import LIST, Dovecot, Felid, HyperKitty, Nginx, PublicInbox

MESSAGES, MORE, PAGES, REST_S = 1000, 20, 500, 10


class Forwarded(Felid):
    """With the spool that feeds it."""

    def __init__(self, top):
        super().__init__(top, workers=0)
        self.spool = top / "spool"

    def start(self, bench):
        super().start(bench)
        self.processes.append(bench.start("forward", self.command(
            "forward", "--spool", self.spool, "--to", self.socket)))
        until("the spool is there", (self.spool / "failed").exists)
        self.sent = 0

    def deliver(self, message):
        self.sent += 1
        name = str(self.sent)
        path = self.spool / "tmp" / name
        path.write_bytes(f"felid-spool-1\nlist-id: {LIST}\nsender: \n\n"
                         .encode() + message)
        path.rename(self.spool / "new" / name)


def memory(server):
    """MiB, and which processes have how much."""
    parts, counts = collections.Counter(), collections.Counter()
    for pid, (name, _) in trees([p.pid for p in server.processes]).items():
        parts[name] += pss_of([pid]) / 1024
        counts[name] += 1
    return sum(parts.values()), ", ".join(
        f"{counts[name]} {name} {mib:.1f}" for name, mib in
        parts.most_common())


def work(server, survey, mail):
    for message in mail:
        server.deliver(message)
    pages = list(server.pages(survey)["message"])
    for n in range(PAGES):
        with urllib.request.urlopen(server.base + pages[n % len(pages)],
                                    timeout=120) as answer:
            answer.read()


def main(bench):
    Felid.program = bench.felid()
    n = bench.options.messages or MESSAGES
    name = corpus.lists()[0]
    every, _ = corpus.take(bench, name, n + MORE)
    mbox, n = corpus.take(bench, name, n)
    mail = list(corpus.messages(every))[n:]
    survey, rows = corpus.Survey(mbox), []
    for kind in bench.chosen([Forwarded, PublicInbox, HyperKitty, Dovecot,
                              Nginx]):
        server = kind(bench.top / kind.name)
        bench.say(f"{kind.name} is filled")
        server.prepare(mbox)
        if hasattr(server, "fill"):
            server.fill(mbox)
        server.start(bench)
        roots = [p.pid for p in server.processes]
        settle(roots, 3)
        started, parts = memory(server)
        after = None
        if hasattr(server, "deliver"):
            bench.say(f"{kind.name} works")
            work(server, survey, mail)
            settle(roots, server.rest)
            time.sleep(min(REST_S, n))
            after, parts = memory(server)
        rows.append([kind.name, sum(1 for _ in trees(roots)), started, after,
                     parts])
        server.stop()
    table(["server", "processes", "MiB, just started", "MiB, after work",
           "of which"], rows)
