# SPDX-License-Identifier: Apache-2.0
"""felid and its peers, as bench/run sets them up: each in a folder of its
own, on loopback.

A server is prepared (nothing of which counts), filled with a mailbox, which
includes its search index, and started; parts has the bytes that it then
takes on disk, pages the paths of its pages by kind."""
import base64, email.utils, hashlib, http.client, os, pathlib, re, shutil
import subprocess, sys, urllib.parse, urllib.request, uuid

from corpus import header, messages
from harness import ROOT, end, free_port, run, size_of, until

LIST, ADDRESS = "bench.lists.example.org", "bench@lists.example.org"


class Server:
    name = ""
    programs = ()   # that have to be there
    root = False    # whether root has to start it
    rest = 1.0      # seconds without work that say that it has finished

    def __init__(self, top):
        self.top = top
        top.mkdir(mode=0o755, exist_ok=True)
        self.base = f"http://127.0.0.1:{free_port()}"
        self.processes = []

    def prepare(self, mbox):
        pass

    def run(self, *command, **more):
        """Run a command, its words kept in a log beside the folder."""
        with open(self.top.parent / f"{self.name}.log", "ab") as log:
            run(*command, stdout=log, stderr=log, **more)

    def readers(self):
        """The processes that pages are made by."""
        return self.processes

    def stop(self):
        for process in reversed(self.processes):
            end(process)
        self.processes = []

    def await_page(self, path):
        """Wait until it answers."""
        def answers():
            try:
                urllib.request.urlopen(self.base + path, timeout=60).close()
                return True
            except OSError:
                return False
        until(f"{self.base}{path} answers", answers)


class Felid(Server):
    name = "felid"
    program = ROOT / "build-bench/felid"

    def __init__(self, top, workers=1):
        super().__init__(top)
        self.store = top / "store"
        self.socket = top / "lmtp.sock"
        self.conf = top / "felid.conf"
        self.conf.write_text(
            f"[store]\ndir = {self.store}\n[process]\nlog = warn\n"
            f"[http]\nlisten = {self.base[7:]}\nurl = {self.base}\n"
            f"workers = {workers}\n"
            f"[lmtp]\nlisten = {self.socket}\n")

    def command(self, *args):
        return [self.program, "--config", self.conf, *args]

    def prepare(self, mbox, name=LIST, address=ADDRESS):
        self.list = name
        self.run(*self.command("list", "add", name, "--address", address,
                               "--policy", "public"))

    def fill(self, mbox):
        for command in ("import", LIST, mbox), ("index",):
            self.run(*self.command(*command))

    def parts(self):
        search = size_of(self.store / "search")
        return {"store": size_of(self.store) - search, "search": search}

    def count(self):
        out = subprocess.run(self.command("list"), check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        return sum(int(line.split()[2]) for line in out.splitlines()
                   if line.startswith(self.list))

    def start(self, bench):
        self.processes = [bench.start("felid", self.command("serve"))]
        self.await_page(f"/{self.list}/")

    def pages(self, survey):
        def of(ids, suffix=""):
            for i in ids:
                digest = hashlib.sha256(i.encode()).digest()
                key = base64.b32encode(digest).decode().lower()[:32]
                yield f"/{LIST}/{key}/{suffix}"
        return {"message": of(survey.some), "every message": of(survey.ids),
                "thread": of(survey.big, "T/"),
                "every thread": of(survey.roots, "T/"),
                "list": [f"/{LIST}/"],
                "month": [f"/{LIST}/%04d/%02d/" % survey.month],
                "every month": [f"/{LIST}/%04d/%02d/" % m
                                for m in survey.months],
                "search": [f"/{LIST}/?q={w}" for w in survey.words],
                "raw": of(survey.some, "raw"),
                "list feed": [f"/{LIST}/new.atom"],
                "thread feed": of(survey.big, "t.atom"),
                "thread mbox": of(survey.big, "t.mbox.gz"),
                "month mbox": [f"/{LIST}/%04d/%02d.mbox.gz" % survey.month]}


class PublicInbox(Server):
    """Filled the quickest way, as a git epoch that public-inbox-index then
    indexes."""
    name = "public-inbox"
    programs = ("public-inbox-init", "git")

    def __init__(self, top):
        super().__init__(top)
        self.inbox = top / "inbox"
        self.env = dict(os.environ, PI_CONFIG=f"{top}/config",
                        PERL_INLINE_DIRECTORY=f"{top}/inline",
                        ORIGINAL_RECIPIENT=ADDRESS)

    def prepare(self, mbox):
        (self.top / "inline").mkdir()
        self.run("public-inbox-init", "-V2", "-L", "full", "bench", self.inbox,
                 f"{self.base}/bench", ADDRESS, env=self.env)
        for key, value in (
                ("publicinboxmda.spamcheck", "none"),
                ("publicinbox.bench.filter", "PublicInbox::Filter::Mirror")):
            run("git", "config", "-f", self.top / "config", key, value)

    def fill(self, mbox, index=None):
        """index(command, env=...) runs the command that indexes."""
        git = self.inbox / "git/0.git"
        if not git.exists():
            run("git", "init", "-q", "--bare", git)
        with subprocess.Popen(["git", f"--git-dir={git}", "fast-import",
                               "--quiet", "--done"],
                              stdin=subprocess.PIPE) as fast:
            write_epoch(mbox, fast.stdin)
            fast.stdin.close()
        if fast.returncode:
            sys.exit("git fast-import failed")
        (index or (lambda command, env: self.run(*command, env=env)))(
            ["public-inbox-index", "-L", "full", self.inbox], env=self.env)

    def parts(self):
        git, xapian = size_of(self.inbox / "git"), size_of(
            self.inbox / "xap15")
        return {"git": git, "Xapian": xapian,
                "SQLite": size_of(self.inbox) - git - xapian}

    def start(self, bench):
        self.processes = [bench.start(
            "public-inbox", ["public-inbox-httpd", "-W2", "-l", self.base],
            env=self.env)]
        self.await_page("/bench/")

    def deliver(self, message):
        """Give it one message as an MTA would."""
        self.run("public-inbox-mda", "--no-precheck", input=message,
                 env=self.env)

    def pages(self, survey):
        def of(ids, suffix=""):
            return [f"/bench/{urllib.parse.quote(i)}/{suffix}" for i in ids]
        return {"message": of(survey.some), "every message": of(survey.ids),
                "thread": of(survey.big, "T/"),
                "every thread": of(survey.roots, "T/"),
                "list": ["/bench/"],
                "month": ["/bench/?t=%04d%02d28000000" % survey.month],
                "every month": ["/bench/?t=%04d%02d28000000" % m
                                for m in survey.months],
                "search": [f"/bench/?q={w}" for w in survey.words],
                "raw": of(survey.some, "raw"),
                "list feed": ["/bench/new.atom"],
                "thread feed": of(survey.big, "t.atom"),
                "thread mbox": of(survey.big, "t.mbox.gz")}


def write_epoch(mbox, out):
    """One commit a message, whose file is "m": public-inbox-v2-format."""
    def clean(text):
        return " ".join(re.sub(r"[<>\0]", " ", text).split()) or "none"

    out.write(b"reset refs/heads/master\n")
    for n, raw in enumerate(messages(mbox)):
        message = header(raw)
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


class HyperKitty(Server):
    """With PostgreSQL, Xapian, gunicorn as Debian's mailman3-web starts it,
    and its queue of tasks."""
    name = "HyperKitty"
    programs = ("gunicorn", "setpriv")
    root = True     # PostgreSQL does not run as root, nor as anybody
    rest = 6.0      # the queue is looked at every 5 s
    KEY = "SecretArchiverAPIKey"

    def __init__(self, top):
        super().__init__(top)
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres",
                     "--clear-groups"]
        self.env = dict(os.environ, HYPERKITTY_DIR=str(top), PGUSER="postgres",
                        DJANGO_SETTINGS_MODULE="hyperkitty_site",
                        PYTHONPATH=str(pathlib.Path(__file__).parent),
                        PYTHONDONTWRITEBYTECODE="1")

    def prepare(self, mbox):
        shutil.chown(self.top, "postgres", "postgres")
        self.run(*self.user, self.bin / "initdb", "-U", "postgres", "-A",
                 "trust", "-E", "UTF8", "--no-locale", "-D", self.top / "db")
        database = self.start_database()
        try:
            self.manage("migrate", "-v0")
            self.manage("collectstatic", "--noinput", "-v0")
        finally:
            end(database)
        self.empty = size_of(self.top / "db/base")

    def fill(self, mbox):
        database = self.start_database()
        try:
            self.manage("hyperkitty_import", "-v0", "-l", ADDRESS,
                        "--since=1980-01-01", mbox)
            self.manage("update_index_one_list", "-v0", ADDRESS)
        finally:
            end(database)

    def parts(self):
        return {"database": size_of(self.top / "db/base") - self.empty,
                "Xapian": size_of(self.top / "xapian")}

    def manage(self, *command):
        self.run(*self.user, "/usr/bin/python3", "-m", "django", *command,
                 env=self.env)

    def start_database(self, start=None):
        command = [*self.user, self.bin / "postgres", "-D", self.top / "db",
                   "-k", self.top, "-c", "listen_addresses="]
        process = start("postgresql", command) if start else \
            subprocess.Popen(command, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        until("PostgreSQL answers", lambda: not subprocess.run(
            [self.bin / "pg_isready", "-q", "-U", "postgres", "-h", self.top],
            check=False).returncode)
        return process

    def start(self, bench):
        self.processes = [self.start_database(bench.start)]
        self.processes.append(bench.start(
            "gunicorn",
            [*self.user, "gunicorn", "-w", "2", "-k", "gthread", "--threads",
             "2", "-b", self.base[7:], "--timeout", "300",
             "--worker-tmp-dir", "/dev/shm",
             "django.core.wsgi:get_wsgi_application()"], env=self.env))
        self.processes.append(bench.start(
            "qcluster", [*self.user, "/usr/bin/python3", "-m", "django",
                         "qcluster"], env=self.env))
        self.await_page("/")

    def readers(self):
        return self.processes[:2]   # not the queue

    def count(self):
        return int(subprocess.run(
            [self.bin / "psql", "-h", self.top, "-U", "postgres", "-At", "-c",
             "SELECT count(*) FROM hyperkitty_email"], check=True, text=True,
            stdout=subprocess.PIPE).stdout)

    def deliver(self, message):
        """Give it one message as Mailman's core does."""
        edge = uuid.uuid4().hex
        body = (f"--{edge}\r\nContent-Disposition: form-data; name=\"mlist\""
                f"\r\n\r\n{ADDRESS}\r\n--{edge}\r\nContent-Disposition: "
                "form-data; name=\"message\"; filename=\"message.txt\"\r\n\r\n"
                ).encode() + message + f"\r\n--{edge}--\r\n".encode()
        connection = http.client.HTTPConnection(self.base[7:], timeout=120)
        connection.request("POST", "/api/mailman/archive", body, {
            "Authorization": f"Token {self.KEY}",
            "Content-Type": f"multipart/form-data; boundary={edge}"})
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            raise RuntimeError(f"HyperKitty answers {status}")

    def pages(self, survey):
        def of(ids, kind):
            for i in ids:
                digest = hashlib.sha1(i.encode()).digest()
                yield f"{top}{kind}/{base64.b32encode(digest).decode()}/"
        top = f"/list/{ADDRESS}/"
        return {"message": of(survey.some, "message"),
                "every message": of(survey.ids, "message"),
                "thread": of(survey.big, "thread"),
                "every thread": of(survey.roots, "thread"),
                "list": [top],
                "month": [top + "%d/%d/" % survey.month],
                "every month": [top + "%d/%d/" % m for m in survey.months],
                "search": [f"/search?mlist={ADDRESS}&q={w}"
                           for w in survey.words],
                "list feed": [top + "feed/"]}


class MHonArc(Server):
    """Pages as files; no search."""
    name = "MHonArc"
    programs = ("mhonarc",)

    def fill(self, mbox):
        (self.top / "pages").mkdir()
        self.run("mhonarc", "-quiet", "-outdir", self.top / "pages", mbox)

    def parts(self):
        return {"pages": size_of(self.top / "pages")}


class Notmuch(Server):
    """An index of mail that is kept as files."""
    name = "notmuch"
    programs = ("notmuch",)

    def __init__(self, top):
        super().__init__(top)
        self.env = dict(os.environ, NOTMUCH_CONFIG=str(top / "config"))

    def prepare(self, mbox):
        mail = self.top / "mail"
        for n, message in enumerate(messages(mbox)):
            folder = mail / f"{n // 10000}/cur"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{n}:2,S").write_bytes(message)
        (self.top / "config").write_text(
            f"[database]\npath={mail}\n[user]\nname=A\n"
            "primary_email=a@example.org\n[new]\ntags=\n")

    def fill(self, mbox, index=None):
        """index(command, env=...) runs the command that indexes."""
        (index or (lambda command, env: self.run(*command, env=env)))(
            ["notmuch", "new", "--verbose"], env=self.env)

    def parts(self):
        index = size_of(self.top / "mail/.notmuch")
        return {"mail": size_of(self.top / "mail") - index, "index": index}


class Dovecot(Server):
    """Its LMTP, into an mdbox that is on disk before the reply."""
    name = "Dovecot"
    programs = ("dovecot",)
    root = True

    def prepare(self, mbox):
        home = self.top / "home"
        home.mkdir()
        shutil.chown(home, "nobody", "nogroup")
        self.socket = self.top / "run/lmtp"
        (self.top / "conf").write_text(f"""protocols = lmtp
base_dir = {self.top}/run
state_dir = {self.top}/state
instance_name = felid-bench
log_path = {self.top}/dovecot.log
ssl = no
first_valid_uid = 1
mail_location = mdbox:~/mdbox
mail_fsync = always
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/%u allow_all_users=yes
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
}}
""")

    def start(self, bench):
        self.processes = [bench.start(
            "dovecot", ["dovecot", "-F", "-c", self.top / "conf"])]
        until("Dovecot listens", self.socket.exists)


class Nginx(Server):
    """The bytes of another server's pages, from files."""
    name = "nginx"
    programs = ("nginx",)

    def prepare(self, mbox):
        self.copies = 0
        self.files = self.top / "files"
        self.files.mkdir()
        folders = "".join(
            f"{kind}_temp_path {self.top}/{kind};\n" for kind in (
                "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.top / "conf").write_text(f"""daemon off;
worker_processes 1;
pid {self.top}/pid;
error_log {self.top}/error.log;
events {{ worker_connections 1024; }}
http {{
access_log off;
sendfile on;
tcp_nopush on;
open_file_cache max=10000;
keepalive_requests 1000000;
types {{ }}
default_type text/html;
{folders}server {{
listen {self.base[7:]};
root {self.files};
index index.html;
}}
}}
""")

    def start(self, bench):
        self.processes = [bench.start(
            "nginx", ["nginx", "-c", self.top / "conf", "-e",
                      self.top / "error.log"])]
        until("nginx listens", (self.top / "pid").exists)

    def copy(self, bench, server, paths):
        """Have the pages of another server; what they are called here, which
        nothing was called before: nginx remembers what it has opened."""
        self.copies += 1
        out = [f"/{self.copies}/{n}/" for n in range(len(paths))]
        lines = []
        for path, name in zip(paths, out):
            lines += [f"url = \"{server.base}{path}\"",
                      f"output = \"{self.files}{name}index.html\""]
        (bench.top / "curl.conf").write_text("\n".join(lines) + "\n")
        shutil.rmtree(self.files)
        self.files.mkdir()
        run("curl", "-s", "--create-dirs", "-K", bench.top / "curl.conf")
        for path in [self.files, *self.files.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        return out
