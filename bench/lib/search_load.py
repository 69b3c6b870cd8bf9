# SPDX-License-Identifier: Apache-2.0
"""Readers who search while mail arrives: how long each waits."""
import collections, pathlib, re, socket, subprocess, sys, threading, time

from corpus import messages
from harness import end, free_port, until

READERS, RATE, SENDERS = 16, 100, 4
# Asked for in pairs, so that hardly any is asked twice: rare and common ones.
WORDS = """the patch table error memory kernel chain rule conntrack server
release test socket nft set file user build version fix problem list update
tree commit review warning support option function""".split()
SCRIPT = """
local words = {%s}
local n = 0
request = function()
  n = n + 1
  local a = words[n %% #words + 1]
  local b = words[math.floor(n / #words) %% #words + 1]
  return wrk.format("GET", "/all/?q=" .. a .. "+" .. b)
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RUN %%d %%d %%d %%d %%d\\n", summary.requests,
    latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""
Load = collections.namedtuple("Load", "searches median p99 most errors mails")


class Sender(threading.Thread):
    """Gives messages to LMTP, every so often, until it is told to stop."""

    def __init__(self, path, rcpt, mails, interval):
        super().__init__(daemon=True)
        self.where, self.rcpt, self.mails = path, rcpt.encode(), mails
        self.interval, self.sent, self.over = interval, 0, False

    def run(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.where)
            f = s.makefile("rb")

            def say(octets):
                s.sendall(octets)
                while (line := f.readline())[3:4] == b"-":
                    pass
                if line[:1] not in b"23":
                    sys.exit(f"felid: {line!r}")

            say(b"")
            say(b"LHLO bench.example.net\r\n")
            begun = time.monotonic()
            while not self.over:
                time.sleep(max(0, begun + self.sent * self.interval
                               - time.monotonic()))
                say(b"MAIL FROM:<bench@example.net>\r\n")
                say(b"RCPT TO:<" + self.rcpt + b">\r\n")
                say(b"DATA\r\n")
                say(self.mails[self.sent % len(self.mails)] % self.sent)
                self.sent += 1


def prepare(octets, name):
    """What DATA takes of a message, which becomes another one by a number."""
    text = octets.replace(b"%", b"%%")
    text = re.sub(rb"(?mi)^Message-ID:.*\n(?:[ \t].*\n)*", b"", text, count=1)
    text = b"Message-ID: <%%d.%s@bench.example.net>\n" % name.encode() + text
    return re.sub(rb"(?m)^\.", b"..", text).replace(
        b"\n", b"\r\n") + b"\r\n.\r\n"


def measure(felid, store, top, mbox, seconds):
    """Have readers search store, which has mail, for so long, while mail of
    mbox arrives for a list of its own.  felid is the program."""
    base, path = f"127.0.0.1:{free_port()}", str(top / "load.sock")
    pathlib.Path(path).unlink(missing_ok=True)
    conf = top / "load.conf"
    conf.write_text(
        f"[store]\ndir = {store}\n[process]\nlog = warn\n[http]\n"
        f"listen = {base}\nurl = http://{base}\n[lmtp]\nlisten = {path}\n")
    command = [felid, "--config", conf]
    name = f"load{time.time_ns()}"
    subprocess.run([*command, "list", "add", f"{name}.example.org",
                    "--address", f"{name}@example.org", "--policy", "public"],
                   check=True, stdout=subprocess.DEVNULL)
    mails = [prepare(m, f"{name}.{i}") for i, m in zip(
        range(SENDERS * 500), messages(mbox))]
    script = top / "load.lua"
    script.write_text(SCRIPT % ",".join(f'"{w}"' for w in WORDS))
    server = subprocess.Popen([*command, "serve"])
    try:
        until("felid listens", lambda: pathlib.Path(path).exists())
        senders = [Sender(path, f"{name}@example.org", mails[i::SENDERS],
                          SENDERS / RATE) for i in range(SENDERS)]
        for sender in senders:
            sender.start()
        out = subprocess.run(
            ["wrk", "-t1", f"-c{READERS}", f"-d{seconds}s", "--timeout",
             "20s", "-s", script, f"http://{base}/"], check=True, text=True,
            stdout=subprocess.PIPE).stdout
        for sender in senders:
            sender.over = True
            sender.join()
    finally:
        end(server)
    n, median, p99, most, errors = map(int, re.search(
        r"RUN (\d+) (\d+) (\d+) (\d+) (\d+)", out).groups())
    return Load(n, median / 1e3, p99 / 1e3, most / 1e3, errors,
                sum(sender.sent for sender in senders) / seconds)


if __name__ == "__main__":
    print(measure(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]),
                  sys.argv[4], int(sys.argv[5])))
