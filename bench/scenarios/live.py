# SPDX-License-Identifier: Apache-2.0
"""mail as it comes: one message a transaction, on disk before the reply

Messages of 4 to 8 KB, given by 1, 4, 16 and 64 connections: felid and
Dovecot (an mdbox, mail_fsync=always) over LMTP, HyperKitty by the call of
its archiver, public-inbox by a process of public-inbox-mda a message.  What a
server does afterwards for a message, such as indexing it, is waited for and
counts as CPU and as written; Dovecot has no index (so there is a felid without
one too), and HyperKitty's is fed once an hour, not here."""
import re, struct, subprocess, threading, time

import corpus
from harness import ROOT, Meter, median, run, settle, table
from servers import ADDRESS, Dovecot, Felid, HyperKitty, PublicInbox

CONNECTIONS = [1, 4, 16, 64]
# Messages a round for each number of connections; of the slow ones.
FAST, HYPERKITTY, MDA, WARM = [500, 1000, 2000, 3000], 100, 30, 10
HEAD = ["connections", "server", "messages / s", "times Dovecot's", "p50 ms",
        "p99 ms", "CPU ms / message", "written / mail"]


def make_mail(bench, n):
    """A file of n messages as lmtp-load takes them."""
    path = bench.top / "mail"
    source = next(filter(None, map(corpus.find, corpus.LISTS)), None)
    bench.say(f"{n} messages of 4 to 8 KB "
              + (f"of {source.name}" if source else "made up"))
    mail = subprocess.Popen(
        ["cat", "/dev/null"] if source is None else
        ["zstd", "-dc", source] if source.suffix == ".zst" else
        ["cat", source], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    run(ROOT / "bench/lib/lmtp-mail", n, path, stdin=mail.stdout)
    mail.stdout.close()
    mail.wait()
    return path


def read_mail(path, first, n):
    """Messages of such a file, as they were."""
    out = []
    with open(path, "rb") as f:
        while len(out) < first + n and (head := f.read(4)):
            data = f.read(struct.unpack(">I", head)[0])
            out.append(re.sub(rb"(?m)^\.", b"", data[:-3]).replace(
                b"\r\n", b"\n"))
    return out[first:]


def load_calls(deliver, connections, mail):
    """Messages a second, p50 and p99 in ms, of calls of deliver."""
    left, lock, times = iter(mail), threading.Lock(), []

    def work():
        while True:
            with lock:
                message = next(left, None)
            if message is None:
                return
            begin = time.perf_counter()
            deliver(message)
            times.append(time.perf_counter() - begin)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    begin = time.perf_counter()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    seconds = time.perf_counter() - begin
    times.sort()
    if len(times) != len(mail):
        raise RuntimeError(f"{len(mail) - len(times)} messages were refused")
    return (len(mail) / seconds, times[len(times) // 2] * 1e3,
            times[len(times) * 99 // 100] * 1e3)


def load_lmtp(socket, connections, first, n, path):
    out = subprocess.run(
        [ROOT / "bench/lib/lmtp-load", socket, ADDRESS, str(connections),
         str(first), str(n), path], check=True, text=True,
        stdout=subprocess.PIPE).stdout
    return tuple(map(float, out.split()[:3]))


class Unindexed(Felid):
    """What storing alone costs, which is all that Dovecot does."""
    name = "felid without search"

    def __init__(self, top):
        super().__init__(top)
        with open(self.conf, "a", encoding="ascii") as f:
            f.write("[search]\nenabled = no\n")


class Feed:
    """A server and how far it has come in the mail."""

    def __init__(self, bench, kind, path):
        self.bench, self.path, self.at = bench, path, 0
        self.server = kind(bench.top / kind.name.replace(" ", "-"))
        self.server.prepare(None)
        # public-inbox's server only reads.
        if kind is not PublicInbox:
            self.server.start(bench)
        self.roots = [p.pid for p in self.server.processes]
        settle(self.roots)

    def give(self, connections, n):
        """A round: a row of figures."""
        first, self.at = self.at, self.at + n
        mail = read_mail(self.path, first, n)
        size = sum(map(len, mail))
        # The processes of public-inbox-mda are ours, and so is lmtp-load.
        with Meter(self.bench, self.roots, not self.roots) as meter:
            if hasattr(self.server, "socket"):
                told = load_lmtp(self.server.socket, connections, first, n,
                                 self.path)
            else:
                told = load_calls(self.server.deliver, connections, mail)
            settle(self.roots, self.server.rest)
        return [*told, meter.cpu * 1e3 / n, meter.written / size]


def rounds_of(bench, kind, connections):
    """How many messages a round has."""
    n = {HyperKitty: HYPERKITTY, PublicInbox: MDA}.get(
        kind, FAST[CONNECTIONS.index(connections)])
    n = bench.options.messages or (n // 4 if bench.quick else n)
    return max(n, connections)


def main(bench):
    Felid.program = bench.felid()
    kinds = bench.chosen([Felid, Unindexed, Dovecot, HyperKitty, PublicInbox])
    most = max(sum(rounds_of(bench, kind, c) for c in CONNECTIONS)
               for kind in kinds) * bench.rounds + WARM
    path = make_mail(bench, most)
    feeds = {}
    for kind in kinds:
        bench.say(f"{kind.name} starts")
        feeds[kind] = Feed(bench, kind, path)
        feeds[kind].give(1, WARM)
    rows = []
    for connections in CONNECTIONS:
        results = {kind: [] for kind in kinds}
        for n in range(bench.rounds):
            for kind in kinds:
                bench.say(f"{connections} connections, round {n + 1}: "
                          + kind.name)
                results[kind].append(feeds[kind].give(
                    connections, rounds_of(bench, kind, connections)))
        floor = median(results.get(Dovecot, [])) or [None]
        for kind in kinds:
            rate, *rest, written = median(results[kind])
            rows.append([connections, kind.name, rate,
                         floor[0] and f"{rate / floor[0]:.2f}", *rest,
                         f"{written:.2f}"])
    table(HEAD, rows)
