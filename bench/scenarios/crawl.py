# SPDX-License-Identifier: Apache-2.0
"""every page of an archive once, in random order, as a crawler does

All messages, threads and months of the first 5,000 messages of
netfilter-devel, by 16 connections, for 60 seconds at most: felid,
public-inbox, HyperKitty, each started anew for each round; then felid with
all of the list.  A core's pages a second are pages for each second of CPU
that all processes of a server have used."""
import random

import corpus
import web
from harness import median, table
from servers import Felid, HyperKitty, PublicInbox

HEAD = ["server", "messages", "pages there", "pages read", "failed",
        "pages / s", "pages / s of a core", "felid is ... times"]


def walk(bench, server, survey):
    """A round, in an order of its own."""
    pages = server.pages(survey)
    paths = [*pages["every message"], *pages["every thread"],
             *pages["every month"], *pages["list"]]
    random.shuffle(paths)
    server.start(bench)
    try:
        got = web.ask(bench, server, paths, 16, bench.seconds(60, 10),
                      once=True)
        return [*got, len(paths)] if got else None
    finally:
        server.stop()


def main(bench):
    Felid.program = bench.felid()
    kinds = bench.chosen([Felid, PublicInbox, HyperKitty])
    name = corpus.lists()[0]
    mbox, n = corpus.take(bench, name, bench.messages())
    work = [(kind, mbox, n) for kind in kinds]
    if not bench.options.messages and Felid in kinds:
        work.append((Felid, *corpus.take(bench, name, None)))
    servers, surveys = [], {}
    for kind, source, n in work:
        bench.say(f"{kind.name} is filled with {n} messages")
        server = kind(bench.top / f"{kind.name}-{n}")
        server.prepare(source)
        server.fill(source)
        if source not in surveys:
            surveys[source] = corpus.Survey(source)
        servers.append((server, surveys[source], n))
    random.seed(1)
    rounds = [[] for _ in servers]
    for i in range(bench.rounds):
        for j, (server, survey, n) in enumerate(servers):
            bench.say(f"round {i + 1}: {server.name}, {n} messages")
            rounds[j].append(walk(bench, server, survey))
    rows, ours = [], None
    for (server, _, n), got in zip(servers, map(median, rounds)):
        cpu, rate, _, _, failed, read, there = got
        # Work of less than a tick has no figure.
        core = 1e6 / cpu if cpu else None
        ours = ours or core
        rows.append([server.name, n, int(there), int(read), int(failed), rate,
                     core, core and f"{ours / core:.1f}"])
    table(HEAD, rows)
