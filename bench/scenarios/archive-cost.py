# SPDX-License-Identifier: Apache-2.0
"""what archiving costs beside delivering, in a real Mailman 3 with Postfix

A list of 100 subscribers, each at a domain of its own, whose mail Postfix
delivers one by one to a sink: without an archiver, with felid (the plugin, its
spool, felid forward, felid serve with its index), with HyperKitty.  ms of CPU a
post, less what all of it takes when there is nothing to do.  "hand-over" is
the core's archive runner; "rest of core" is all else of it; 100 % is what core
and Postfix need without an archiver.  Mailman's REST runner is off, which
HyperKitty would ask things of."""
import contextlib, pathlib, random, re, statistics, sys, time

import corpus
from harness import ROOT, free_port, settle, table, trees, until
from servers import Felid, HyperKitty

sys.path.insert(0, str(ROOT / "tests/mailman"))
import rig  # noqa: E402

SUBSCRIBERS, POSTS, IDLE_S = 100, 60, 10
HYPERKITTY = """[archiver.hyperkitty]
class: mailman_hyperkitty.Archiver
enable: yes
configuration: {}
"""
KEPT = re.compile(r"(?i)(subject|date|mime-version|content-.*|in-reply-to|"
                  r"references)$")
HEAD = ["archiver", "core", "Postfix", "hand-over", "archiver's processes",
        "archiver, %", "with hand-over, %", "all of it, %"]


class Case:
    """What rig wants of a test."""

    def __init__(self, bench, top):
        self.bench, self.top = bench, top
        self.addCleanup = bench.stack.callback
        top.mkdir(mode=0o755, exist_ok=True)

    def start(self, name, command, **more):
        return self.bench.start(f"{self.top.name}-{name}", command, **more)

    def show_log(self, path):
        """The logs are shown where a scenario fails."""


class Site:
    """A Mailman with its Postfix, and its archive."""

    def __init__(self, bench, kind):
        self.name = kind.name if kind else "none"
        bench.say(f"a Mailman and a Postfix: {self.name}")
        case = Case(bench, bench.top / f"site-{self.name}")
        # Postfix is started by root, which its sink does not run as.
        sink = free_port()
        bench.start("smtp-sink", ["smtp-sink", "-u", "nobody", f"127.0.0.1:{sink}", "1000"])
        until("the sink listens", lambda: rig.listens(sink))
        self.server, self.archive = None, []
        archiver = ""
        if kind:
            self.server = kind(bench.top / f"archive-{self.name}")
            self.server.prepare(None, rig.LIST_ID, rig.LIST) \
                if kind is Felid else self.server.prepare(None)
            self.server.start(bench)
            archiver = getattr(self, kind.name.lower())(case)
            self.archive += [p.pid for p in self.server.processes]
        self.postfix = rig.Postfix(
            case, sink, free_port(),
            more="smtp_destination_recipient_limit = 1\n"
            "smtp_connection_cache_on_demand = no\n")
        members = [rig.ANN] + [f"reader{n}@d{n}.example.net"
                               for n in range(1, SUBSCRIBERS)]
        self.mailman = rig.Mailman(
            case, self.postfix.port, archiver, "public" if kind else "never",
            members)
        self.roots = {
            "Postfix": [int((self.postfix.top / "spool/pid/master.pid")
                            .read_text())],
            "archive": self.archive}
        self.delivered = 0

    def felid(self, case):
        spool = case.top / "spool"
        self.archive.append(case.start("forward", self.server.command(
            "forward", "--spool", spool, "--to", self.server.socket)).pid)
        return rig.felid_archiver(case, self.server.base)

    def hyperkitty(self, case):
        path = case.top / "hyperkitty.cfg"
        path.write_text(f"[general]\nbase_url: {self.server.base}/\n"
                        f"api_key: {HyperKitty.KEY}\n")
        return HYPERKITTY.format(path)

    def used(self):
        """CPU seconds by part."""
        out = {part: sum(cpu for _, cpu in trees(roots).values())
               for part, roots in self.roots.items()}
        core = trees([self.mailman.process.pid])
        out["hand-over"] = sum(cpu for pid, (_, cpu) in core.items()
                               if is_archive_runner(pid))
        out["core"] = sum(cpu for _, cpu in core.values()) - out["hand-over"]
        return out

    def all_roots(self):
        return [self.mailman.process.pid, *sum(self.roots.values(), [])]

    def round(self, posts):
        """ms a post by part."""
        idle_begun, idle = time.monotonic(), self.used()
        time.sleep(min(IDLE_S, len(posts)))
        begun, before = time.monotonic(), self.used()
        for post in posts:
            self.mailman.post(post)
        self.delivered += len(posts) * SUBSCRIBERS
        until("all is delivered", lambda: self.postfix.log().count(
            "status=sent") >= self.delivered, 600)
        settle(self.all_roots(), self.server.rest if self.server else 1)
        seconds, after = time.monotonic() - begun, self.used()
        if self.server:
            until("all is archived", lambda: self.server.count() * SUBSCRIBERS
                  >= self.delivered, 120)
        return {part: (after[part] - before[part] - (before[part] - idle[part])
                       / (begun - idle_begun) * seconds) * 1e3 / len(posts)
                for part in after}


def is_archive_runner(pid):
    with contextlib.suppress(OSError):
        return b"--runner=archive" in pathlib.Path(
            f"/proc/{pid}/cmdline").read_bytes()
    return False


def make_posts(mbox, n, tag):
    """Real posts of less than 20 KB, without long lines, as Ann would
    send them to the list."""
    out = []
    for message in corpus.messages(mbox):
        head = corpus.header(message)
        body = re.split(rb"\n\n", message, maxsplit=1)[-1]
        if len(message) > 20000 or not str(head["Subject"] or "").strip():
            continue
        fields = {name: " ".join(str(value).split()) for name, value in
                  head.items() if KEPT.match(name)}
        post = (
            f"From: Ann <{rig.ANN}>\nTo: {rig.LIST}\n"
            f"Message-ID: <cost.{tag}.{len(out)}@example.net>\n"
            + "".join(f"{name}: {value}\n" for name, value in fields.items())
        ).encode("ascii", "replace") + b"\n" + body
        if max(map(len, post.split(b"\n"))) < 990:
            out.append(re.sub(rb"\r?\n", b"\r\n", post))
        if len(out) == n:
            break
    return out


def main(bench):
    Felid.program = bench.felid()
    kinds = [None, *bench.chosen([Felid, HyperKitty])]
    n = bench.options.messages or (15 if bench.quick else POSTS)
    mbox, _ = corpus.take(bench, corpus.lists()[0], 4 * n)
    sites = [Site(bench, kind) for kind in kinds]
    rounds = {site: [] for site in sites}
    for i in range(bench.rounds):
        posts = make_posts(mbox, n, f"{i}.{random.random()}")
        for site in sites:
            bench.say(f"round {i + 1}, {len(posts)} posts: {site.name}")
            rounds[site].append(site.round(posts))
    rows, floor = [], None
    for site in sites:
        core, postfix, handing, archive = (
            statistics.median(r[part] for r in rounds[site])
            for part in ("core", "Postfix", "hand-over", "archive"))
        floor = floor or core + postfix

        def share(ms):
            return f"{ms / floor * 100:.1f}" if site.server else None
        rows.append([site.name, core, postfix, handing, archive,
                     share(archive), share(handing + archive),
                     share(core + postfix + handing + archive - floor)])
    table(HEAD, rows)
