# SPDX-License-Identifier: Apache-2.0
"""a reader, and mail that comes, while thousands of crawlers are there

Crawlers of 5,000 networks walk an archive of 5,000 messages of
netfilter-devel (messages, threads, raw mail, months, searches), each more
slowly than any limit on one of them: together they ask for more than there
is.  What a reader of another network waits for messages that nobody has read,
and messages a second over one LMTP connection, each alone and among them."""
import http.client, random, subprocess, threading, time

import corpus
from harness import ROOT, table
from servers import ADDRESS, Felid

CRAWLERS, PAUSE = 5000, 2
READER = "127.250.0.1"
HEAD = ["", "pages of the reader", "refused", "p50 ms", "p99 ms",
        "mail / s", "crawlers' answers / s", "of them refused"]


def read_pages(server, paths, seconds, out):
    """Append (status, ms) for a page, and then another, some 20 a second."""
    host, port = server.base[7:].split(":")
    end = time.monotonic() + seconds
    for path in paths:
        if time.monotonic() > end:
            return
        c = http.client.HTTPConnection(host, int(port), timeout=60,
                                       source_address=(READER, 0))
        begun = time.perf_counter()
        c.request("GET", path)
        answer = c.getresponse()
        answer.read()
        out.append((answer.status, (time.perf_counter() - begun) * 1e3))
        c.close()
        time.sleep(0.05)


def give_mail(server, first, n, path, out):
    told = subprocess.run(
        [ROOT / "bench/lib/lmtp-load", server.socket, ADDRESS, "1",
         str(first), str(n), path], check=True, text=True,
        stdout=subprocess.PIPE).stdout
    out.append(float(told.split()[0]))


def start_crowd(bench, server, paths, seconds):
    listed = bench.top / "paths"
    listed.write_text("\n".join(paths))
    return subprocess.Popen(
        [ROOT / "bench/lib/crowd", server.base[7:], str(CRAWLERS),
         str(PAUSE), str(seconds), listed], text=True, stdout=subprocess.PIPE)


def main(bench):
    Felid.program = bench.felid()
    name = corpus.lists()[0]
    source, n = corpus.take(bench, name, bench.messages())
    server = Felid(bench.top / "felid", workers=2)
    bench.say(f"felid is filled with {n} messages")
    server.prepare(source)
    server.fill(source)
    pages = server.pages(corpus.Survey(source))
    messages = list(pages["every message"])
    random.seed(1)
    random.shuffle(messages)
    paths = [*messages[::2], *pages["every thread"], *pages["raw"],
             *pages["every month"], *pages["search"]]
    seconds, mails = bench.seconds(20, 5), 300 if bench.quick else 1500
    subprocess.run(
        [ROOT / "bench/lib/lmtp-mail", str(2 * mails), bench.top / "mail"],
        check=True, stdin=open(source, "rb"))
    server.start(bench)
    rows = []
    for crowd in (False, True):
        bench.say("with crawlers" if crowd else "alone")
        seen, rates = [], []
        if crowd:
            walk = start_crowd(bench, server, paths, seconds + 10)
            time.sleep(5)
        part = messages[3::4] if crowd else messages[1::4]
        reader = threading.Thread(target=read_pages, args=(
            server, part, seconds, seen))
        reader.start()
        give_mail(server, mails * crowd, mails, bench.top / "mail", rates)
        reader.join()
        answers, refused = {}, 0
        if crowd:
            words = walk.communicate()[0].split()
            answers = dict(zip(map(int, words[::2]), map(int, words[1::2])))
            refused = sum(k for s, k in answers.items() if s in (429, 503))
        times = sorted(ms for _, ms in seen)
        rows.append([
            "among crawlers" if crowd else "alone", len(seen),
            sum(status >= 400 for status, _ in seen),
            times[len(times) // 2], times[len(times) * 99 // 100], rates[0],
            sum(answers.values()) / (seconds + 10), refused])
    server.stop()
    table(HEAD, rows)
