# SPDX-License-Identifier: Apache-2.0
"""The servers that bench/peers compares.  Each is given the list once, in
fill; start returns the processes that serve it; paths its pages by kind."""
import base64, email.utils, hashlib, os, pathlib, re, shutil, subprocess, sys
import time, urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST, ADDRESS = "bench.lists.example.org", "bench@lists.example.org"


def run(*command, **more):
    subprocess.run(command, check=True, **more)


class Felid:
    name, base = "felid", "http://127.0.0.1:18027"

    def __init__(self, top):
        self.top = top
        self.command = [ROOT / "build-bench/felid", "--config",
                        top / "felid.conf"]

    def fill(self, mbox, box):
        (self.top / "felid.conf").write_text(f"""[store]
dir = {self.top}/store
[http]
listen = {self.base[7:]}
url = {self.base}
workers = 1
[lmtp]
listen = {self.top}/lmtp.sock
""")
        run(*self.command, "list", "add", LIST, "--address", ADDRESS,
            "--policy", "public")
        run(*self.command, "import", LIST, mbox, stderr=subprocess.DEVNULL)

    def start(self, log):
        return [subprocess.Popen([*self.command, "serve"], stderr=log)]

    def paths(self, ids, big, month):
        def pages(ids, suffix):
            for i in ids:
                digest = hashlib.sha256(i.encode()).digest()
                key = base64.b32encode(digest).decode().lower()[:32]
                yield f"/{LIST}/{key}/{suffix}"
        return {"message": pages(ids, ""), "thread": pages(big, "T/"),
                "list": [f"/{LIST}/"], "month": [f"/{LIST}/%04d/%02d/" % month],
                "raw": pages(ids, "raw"), "list feed": [f"/{LIST}/new.atom"]}


class PublicInbox:
    """Filled the quickest way, as a git epoch that public-inbox-index then
    indexes."""
    name, base = "public-inbox", "http://127.0.0.1:18028"
    needs = "public-inbox-init"

    def __init__(self, top):
        self.top = top

    def set_environment(self):
        os.environ.update(PI_CONFIG=f"{self.top}/config",
                          PERL_INLINE_DIRECTORY=f"{self.top}/inline")

    def fill(self, mbox, box, index=lambda command: run(
            *command, stderr=subprocess.DEVNULL)):
        """index runs the command that indexes."""
        self.set_environment()
        (self.top / "inline").mkdir()
        inbox = self.top / "inbox"
        run("public-inbox-init", "-V2", "-L", "full", "bench", inbox,
            f"{self.base}/bench", ADDRESS, stdout=subprocess.DEVNULL)
        git = inbox / "git/0.git"
        if not git.exists():
            run("git", "init", "-q", "--bare", git)
        with subprocess.Popen(["git", f"--git-dir={git}", "fast-import",
                               "--quiet", "--done"],
                              stdin=subprocess.PIPE) as fast:
            write_epoch(box, fast.stdin)
            fast.stdin.close()
        if fast.returncode:
            sys.exit("git fast-import failed")
        index(["public-inbox-index", "-L", "full", inbox])

    def start(self, log):
        return [subprocess.Popen(
            ["public-inbox-httpd", "-W2", "-l", self.base], stdout=log,
            stderr=log)]

    def paths(self, ids, big, month):
        def pages(ids, suffix):
            return [f"/bench/{urllib.parse.quote(i)}/{suffix}" for i in ids]
        return {"message": pages(ids, ""), "thread": pages(big, "T/"),
                "list": ["/bench/"],
                "month": ["/bench/?t=%04d%02d28000000" % month],
                "raw": pages(ids, "raw"), "list feed": ["/bench/new.atom"]}


def write_epoch(box, out):
    """One commit a message, whose file is "m": public-inbox-v2-format."""
    def clean(text):
        return " ".join(re.sub(r"[<>\0]", " ", text).split()) or "none"

    out.write(b"reset refs/heads/master\n")
    for n, message in enumerate(box):
        raw = message.as_bytes()
        name, addr = email.utils.parseaddr(str(message["From"]))
        when = email.utils.parsedate_tz(str(message["Date"]))
        try:
            stamp = max(0, int(email.utils.mktime_tz(when)))
        except (TypeError, ValueError, OverflowError):
            stamp = 0
        who = f"{clean(name or addr)} <{clean(addr).replace(' ', '')}> " \
            f"{stamp} +0000"
        who = who.encode("utf-8", "replace")
        subject = clean(str(message["Subject"] or "")).encode(
            "utf-8", "replace")
        mark = 2 * n + 1
        out.write(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(raw), raw))
        out.write(b"commit refs/heads/master\nmark :%d\nauthor %s\n"
                  b"committer %s\ndata %d\n%s\n"
                  % (mark + 1, who, who, len(subject), subject))
        if n:
            out.write(b"from :%d\n" % (mark - 1))
        out.write(b"M 100644 :%d m\n\n" % mark)
    out.write(b"done\n")


class HyperKitty:
    """With PostgreSQL, and gunicorn as Debian's mailman3-web starts it; no
    search index, since none of these pages asks it."""
    name, base = "HyperKitty", "http://127.0.0.1:18029"
    needs = "gunicorn"

    def __init__(self, top):
        self.dir = top / "hyperkitty"
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        # PostgreSQL does not run as root.
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres",
                     "--clear-groups"] if os.geteuid() == 0 else []

    def fill(self, mbox, box):
        self.dir.mkdir(mode=0o755)
        self.dir.parent.chmod(0o755)
        if self.user:
            shutil.chown(self.dir, "postgres", "postgres")
        os.environ.update(
            HYPERKITTY_DIR=str(self.dir), PGUSER="postgres",
            DJANGO_SETTINGS_MODULE="hyperkitty_site",
            PYTHONPATH=str(pathlib.Path(__file__).parent))
        run(*self.user, self.bin / "initdb", "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--no-locale", "-D", self.dir / "db",
            stdout=subprocess.DEVNULL)
        with open(self.dir / "log", "wb") as log:
            database = self.start_database(log)
            try:
                self.manage("migrate", "-v0")
                self.manage("collectstatic", "--noinput", "-v0")
                self.manage("hyperkitty_import", "-v0", "-l", ADDRESS,
                            "--since=1980-01-01", mbox)
            finally:
                database.terminate()
                database.wait()

    def manage(self, *command):
        run(*self.user, "/usr/bin/python3", "-m", "django", *command,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start_database(self, log):
        process = subprocess.Popen(
            [*self.user, self.bin / "postgres", "-D", self.dir / "db", "-k",
             self.dir, "-c", "listen_addresses="], stdout=log, stderr=log)
        for _ in range(200):
            if not subprocess.run([self.bin / "pg_isready", "-q", "-h",
                                   self.dir]).returncode:
                break
            time.sleep(0.1)
        return process

    def start(self, log):
        database = self.start_database(log)
        web = subprocess.Popen(
            [*self.user, "gunicorn", "-w", "2", "-k", "gthread", "--threads",
             "2", "-b", self.base[7:], "--timeout", "300",
             "--worker-tmp-dir", "/dev/shm",
             "django.core.wsgi:get_wsgi_application()"], stdout=log,
            stderr=log)
        return [web, database]

    def paths(self, ids, big, month):
        def pages(ids, kind):
            for i in ids:
                digest = hashlib.sha1(i.encode()).digest()
                yield f"{top}{kind}/{base64.b32encode(digest).decode()}/"
        top = f"/list/{ADDRESS}/"
        return {"message": pages(ids, "message"),
                "thread": pages(big, "thread"), "list": [top],
                "month": [top + "%d/%d/" % month], "raw": [],
                "list feed": [top + "feed/"]}
