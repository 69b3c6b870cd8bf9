# SPDX-License-Identifier: Apache-2.0
"""A felid of the test's own, in a temporary folder, and clients to it."""
import http.client, os, pathlib, re, signal, socket, subprocess, tempfile, time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FELID = os.environ.get("FELID") or str(
    pathlib.Path(os.environ.get("FELID_BUILD") or SOURCE / "build") / "felid")
URL = "http://archive.test"
# AddressSanitizer's strstr measures all of its argument at every call, which
# makes an hour of what takes a second.
os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [
    os.environ.get("ASAN_OPTIONS"), "intercept_strstr=0"]))


def size(usual, full):
    """How much of it a proof does: see docs/PROMISES.md."""
    return full if os.environ.get("FELID_PROOF") == "full" else usual


class Felid:
    """felid serve in a folder of its own, with the lists that are named
    ("dev.lists.example.org" has the address dev@lists.example.org)."""

    def __init__(self, lists=(), **config):
        self.dir = tempfile.TemporaryDirectory(prefix="felid-")
        self.store = os.path.join(self.dir.name, "store")
        self.socket = os.path.join(self.dir.name, "lmtp")
        self.log = os.path.join(self.dir.name, "log")
        self.process = None
        self.conf = os.path.join(self.dir.name, "conf")
        sections = {"process": {"log": "debug"},
                    "http": {"url": URL, "workers": "1"},
                    "lmtp": {"host": "archive.test"}}
        for key, value in config.items():
            section, _, name = key.partition("_")
            sections.setdefault(section, {})[name.replace("_", "-")] = value
        with open(self.conf, "w", encoding="utf-8") as f:
            for section, keys in sections.items():
                f.write(f"[{section}]\n")
                f.writelines(f"{k} = {v}\n" for k, v in keys.items())
        for name in lists:
            self.run("list", "add", name, "--address",
                     name.replace(".", "@", 1), "--policy", "public")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self.dir.cleanup()

    def run(self, *args, stdin=b""):
        """Run a subcommand on the store; its standard output."""
        return subprocess.run(
            [FELID, "--config", self.conf, "--store", self.store, *args],
            input=stdin, check=True, capture_output=True).stdout

    def start(self):
        # Not a pipe: nobody reads it while a test is busy.
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [FELID, "serve", "--config", self.conf, "--store", self.store,
                 "--http", "127.0.0.1:0", "--lmtp", "127.0.0.1:0",
                 "--lmtp", self.socket], stderr=log)
        ready = self.await_log(r" ready url=\S+ http=127.0.0.1:(\d+)"
                               r" lmtp=127.0.0.1:(\d+),")
        self.http_port, self.lmtp_port = map(int, ready.groups())

    def stop(self, signum=signal.SIGTERM):
        """End it; its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signum)
        status = self.process.wait(20)
        self.process = None
        return status

    def read_log(self):
        return pathlib.Path(self.log).read_text(encoding="utf-8")

    def await_log(self, pattern, seconds=20):
        """The first match of pattern in what was logged so far, or will
        be soon."""
        end = time.monotonic() + seconds
        while True:
            ended = self.process.poll() is not None
            log = self.read_log()
            found = re.search(pattern, log)
            if found:
                return found
            if ended or time.monotonic() > end:
                raise AssertionError(f"no {pattern!r} in:\n{log}")
            time.sleep(0.01)

    def roles(self):
        """Process ids by role: {"lmtp": [1], "http": [2, 3]}."""
        end = time.monotonic() + 20
        while True:
            out = self.children()
            # One that was forked just now has the parent's name.
            if "felid" not in out or time.monotonic() > end:
                return out
            time.sleep(0.01)

    def children(self):
        out = {}
        me = self.process.pid
        for pid in pathlib.Path(f"/proc/{me}/task/{me}/children"
                                ).read_text().split():
            name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
            out.setdefault(name.removeprefix("felid-"), []).append(int(pid))
        return out

    def lmtp(self, tcp=False):
        """A connection after its LHLO."""
        c = Lmtp(("127.0.0.1", self.lmtp_port) if tcp else self.socket)
        c.reply()
        c.command("LHLO client.example.net")
        return c

    def deliver(self, message, *rcpts, sender="jo@example.net"):
        """Replies to RCPT, and to the message for each that was accepted."""
        with self.lmtp() as c:
            return c.deliver(message, *rcpts, sender=sender)

    def get(self, path, method="GET", **fields):
        """(status, header, body) of a page."""
        c = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=30)
        c.request(method, path, headers=fields)
        r = c.getresponse()
        body = r.read()
        c.close()
        return r.status, r.headers, body

    def head(self, path):
        """The header of a page, asked for with HEAD."""
        return self.get(path, method="HEAD")[1]


class Lmtp:
    """A client that says what it is told to, reply by reply."""

    def __init__(self, where):
        family = socket.AF_UNIX if isinstance(where, str) else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        self.sock.connect(where)
        self.file = self.sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.sock.close()

    def line(self):
        """One line of a reply, without its CRLF; "" at the end."""
        got = self.file.readline()
        if got and not got.endswith(b"\r\n"):
            raise AssertionError(f"a line without CRLF: {got!r}")
        return got.rstrip(b"\r\n").decode()

    def reply(self):
        """One reply, its last line."""
        got = self.line()
        while got[3:4] == "-":
            got = self.line()
        return got

    def send(self, octets):
        self.sock.sendall(octets)

    def command(self, text):
        self.send(text.encode() + b"\r\n")
        return self.reply()

    def begin(self, *rcpts, sender="jo@example.net"):
        """MAIL and RCPT; the replies to RCPT."""
        got = self.command(f"MAIL FROM:<{sender}>")
        if not got.startswith("250"):
            raise AssertionError(got)
        return [self.command(f"RCPT TO:<{r}>") for r in rcpts]

    def data(self, message, n=1):
        """DATA and n replies to the message."""
        got = self.command("DATA")
        if not got.startswith("354"):
            raise AssertionError(got)
        self.send(stuff(message))
        return [self.reply() for _ in range(n)]

    def deliver(self, message, *rcpts, sender="jo@example.net"):
        replies = self.begin(*rcpts, sender=sender)
        n = sum(r.startswith("250") for r in replies)
        return replies, self.data(message, n) if n else []


def stuff(message):
    """message, of CRLF lines, as DATA sends it."""
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    return re.sub(rb"(^|\r\n)\.", rb"\1..", message) + b".\r\n"


def mail(**fields):
    """A message of CRLF lines: a default for what is not named, nothing
    for what is None.  body is its text."""
    all_fields = {"from_": "jo@example.net", "to": "dev@lists.example.org",
                  "subject": "Hello", "message_id": "<one@example.net>",
                  "date": "Mon, 1 Jan 2024 12:00:00 +0000",
                  "body": "Hello, list.\r\n"}
    all_fields.update(fields)
    body = all_fields.pop("body")
    head = "".join(
        f"{k.strip('_').replace('_', '-').title()}: {v}\r\n"
        for k, v in all_fields.items() if v is not None)
    return (head + "\r\n" + body).encode()


def keys(message):
    """The id and originator keys, as felid permalink computes them; "-"
    for the id key of a message without Message-ID."""
    out = subprocess.run([FELID, "--config", "/dev/null", "permalink"],
                         input=message, check=True, capture_output=True)
    return out.stdout.decode().split("\t")[:2]


def key_of(reply):
    """The key in a reply that names a permalink."""
    found = re.match(rf"250 2\.6\.0 <{re.escape(URL)}/[^/>]+/([a-z2-7]{{32}})/>"
                     r" (archived|already archived)$", reply)
    if not found:
        raise AssertionError(f"no permalink in {reply!r}")
    return found[1]
