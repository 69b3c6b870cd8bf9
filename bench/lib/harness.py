# SPDX-License-Identifier: Apache-2.0
"""What every scenario of bench/run stands on: where it works, what it starts
and ends, what processes cost, and tables."""
import contextlib, datetime, os, pathlib, platform, re, resource, shutil, socket
import statistics, subprocess, sys, tempfile, threading, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGE_SIZE = 30 << 30   # of which what is used takes room
HZ = os.sysconf("SC_CLK_TCK")
# Servers that Debian keeps out of a user's way.
os.environ["PATH"] += ":/usr/sbin:/sbin"
os.environ["LC_ALL"] = "C.UTF-8"


def run(*command, **more):
    subprocess.run([str(word) for word in command], check=True, **more)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, test, seconds=120):
    """The first true value of test()."""
    end = time.monotonic() + seconds
    while True:
        value = test()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"it does not come about: {what}")
        time.sleep(0.05)


def size_of(path):
    """Bytes on disk of a file, or of all below a folder: what du tells."""
    path = pathlib.Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.lstat().st_blocks * 512 for f in files if f.exists())


def median(rows):
    """The median of each column; None where a round failed."""
    rows = list(rows)
    if not rows or None in rows:
        return None
    return [statistics.median(column) for column in zip(*rows)]


class Bench:
    """One scenario's run, a context: its folder, what it was asked for, and
    the processes that it started, which end with it."""

    def __init__(self, name, options):
        self.name = name
        self.options = options
        self.quick = options.quick
        self.rounds = options.rounds or (1 if options.quick else 3)
        self.begun = time.monotonic()
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(
            prefix="felid-bench-", dir=os.environ.get("BENCH_DIR",
                                                      "/var/tmp")))
        self.stack.callback(shutil.rmtree, self.top, ignore_errors=True)
        self.top.chmod(0o755)
        if self.options.image:
            self.mount()
        os.environ["HOME"] = str(self.top)
        return self

    def mount(self):
        """Work on a file system that nobody else writes to."""
        image = self.top / "image"
        with open(image, "wb") as f:
            f.truncate(IMAGE_SIZE)
        self.top = self.top / "mounted"
        self.top.mkdir()
        run("mkfs.ext4", "-q", image)
        run("mount", "-o", "loop", image, self.top)
        self.stack.callback(run, "umount", self.top)

    def __exit__(self, kind, *_):
        if kind is not None and kind is not KeyboardInterrupt:
            for log in sorted([*self.top.glob("*.log"),
                               *self.top.glob("*/*.log")]):
                lines = log.read_text(errors="replace").splitlines()[-20:]
                print(f"--- {log.name}", *lines, sep="\n", file=sys.stderr)
        self.stack.close()

    def say(self, text):
        minutes, seconds = divmod(int(time.monotonic() - self.begun), 60)
        print(f"{self.name} {minutes:2}:{seconds:02} {text}", file=sys.stderr,
              flush=True)

    def messages(self, most=5000, quick=1000):
        """How many messages a list has here; None: all of them."""
        n = self.options.messages
        if n is None:
            return quick if self.quick else most
        return n or None

    def seconds(self, most, quick):
        return self.options.seconds or (quick if self.quick else most)

    def wants(self, name):
        peers = self.options.peers
        return not peers or name.lower() in peers.lower().split(",")

    def chosen(self, kinds):
        """Of classes of servers, those that are asked for and can run."""
        out = []
        for kind in kinds:
            if not self.wants(kind.name):
                continue
            missing = [p for p in kind.programs if not shutil.which(p)]
            if missing:
                self.say(f"without {kind.name}: there is no {missing[0]}")
            elif kind.root and os.geteuid() != 0:
                self.say(f"without {kind.name}: it wants to be started by "
                         "root")
            else:
                out.append(kind)
        return out

    def install(self):
        """The peers' packages, where peers are wanted."""
        if self.options.peers != "felid":
            self.say("packages")
            run(ROOT / "tools/install-packages", "build", "run", "bench",
                stdout=sys.stderr)

    def felid(self):
        """The program, built if need be."""
        return pathlib.Path(self.options.felid or build("felid")).resolve()

    def start(self, name, command, **more):
        """Start a process that is ended with this; its words go to
        NAME.log."""
        with open(self.top / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, **more)
        self.stack.callback(end, process)
        return process


def build(target):
    folder = ROOT / "build-bench"
    if not (folder / "build.ninja").exists():
        run("meson", "setup", folder, ROOT, "--buildtype=release",
            stdout=subprocess.DEVNULL)
    run("ninja", "-C", folder, target, stdout=subprocess.DEVNULL)
    return folder / target


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# What processes cost -------------------------------------------------------

def read_processes():
    """{pid: (parent, fields of its stat)}"""
    rows = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = stat.read_text().split(" (", 1)
        except OSError:
            continue
        name, rest = rest.rsplit(") ", 1)
        f = rest.split()
        rows[int(pid)] = (int(f[1]), [name, *f])
    return rows


def seconds_of(pid, f):
    """CPU of a process with its children that ended: of one thread to the
    ns, else to the tick."""
    if f[18] == "1":
        with contextlib.suppress(OSError):
            own = pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()
            return int(own[0]) / 1e9 + sum(map(int, f[14:16])) / HZ
    return sum(map(int, f[12:16])) / HZ


def trees(roots):
    """{pid: (name, CPU seconds)} of the processes at and below roots."""
    rows = read_processes()
    out, todo = {}, list(roots)
    below = {}
    for pid, (parent, _) in rows.items():
        below.setdefault(parent, []).append(pid)
    while todo:
        pid = todo.pop()
        if pid in rows and pid not in out:
            fields = rows[pid][1]
            out[pid] = fields[0], seconds_of(pid, fields)
            todo += below.get(pid, [])
    return out


def cpu_of(roots):
    return sum(cpu for _, cpu in trees(roots).values())


def written_to(path):
    """Bytes that were written to the disk of a path, by whomever, since the
    machine began; 0 where that is not told."""
    device = os.stat(path).st_dev
    wanted = [str(os.major(device)), str(os.minor(device))]
    with open("/proc/diskstats", encoding="ascii") as f:
        return next((int(line.split()[9]) * 512 for line in f
                     if line.split()[:2] == wanted), 0)


def pss_of(pids):
    """KiB of memory of some processes, shared pages divided."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError), \
                open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            total += next((int(line.split()[1]) for line in f
                           if line.startswith("Pss:")), 0)
    return total


def settle(roots, seconds=1.0, most=20):
    """Wait until processes are at rest: what was begun is theirs to
    finish, and counts.  seconds: how long a rest has to be."""
    end_at = time.monotonic() + most
    before = cpu_of(roots)
    while time.monotonic() < end_at:
        time.sleep(seconds)
        now = cpu_of(roots)
        if now - before <= 0.02 * seconds:
            return
        before = now


class Meter:
    """A context that tells, of the processes at and below roots (pids) and,
    if children is true, of all that were started and ended within it: cpu
    (seconds), peak (KiB of PSS, where watch is true) and wall.  written is
    what the disk of bench got, from everybody: the counters of /proc/PID/io
    have whole folios for each byte that is changed in them."""

    def __init__(self, bench, roots=(), children=True, watch=False):
        self.top, self.roots, self.children = bench.top, roots, children
        self.peak = 0
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch) if watch else None

    def _cpu(self):
        cpu = cpu_of(self.roots)
        if self.children:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu += used.ru_utime + used.ru_stime
        return cpu

    def _written(self):
        run("sync", "-f", self.top)
        return written_to(self.top)

    def _watch(self):
        me = os.getpid()
        while not self._stop.wait(0.2):
            pids = trees([*self.roots, me])
            pids.pop(me, None)
            self.peak = max(self.peak, pss_of(pids))

    def __enter__(self):
        self._written_before = self._written()
        self._cpu_before = self._cpu()
        self._begun = time.monotonic()
        if self._watcher:
            self._watcher.start()
        return self

    def __exit__(self, *_):
        self.wall = time.monotonic() - self._begun
        self.cpu = self._cpu() - self._cpu_before
        if self._watcher:
            self._stop.set()
            self._watcher.join()
        self.written = self._written() - self._written_before


# Telling -------------------------------------------------------------------

def machine():
    """The line that says where and when figures were made."""
    cpu = next((line.split(": ")[1].strip() for line in
                open("/proc/cpuinfo", encoding="utf-8")
                if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (f"{cpu}, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB, "
            f"Linux {platform.release()}; load {os.getloadavg()[0]:.1f}; "
            f"{datetime.date.today()}")


PEERS = ["dovecot-core", "mailman3", "mhonarc", "nginx-light", "notmuch",
         "postfix", "postgresql-15", "public-inbox",
         "python3-django-hyperkitty"]


def peers():
    """The line that says which versions they are."""
    told = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${source:Upstream-Version}\n",
         *PEERS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, check=False).stdout
    return ", ".join(line for line in told.splitlines() if " " in line)


def figure(value):
    """A number as short as it tells; a text as it is."""
    if value is None:
        return "-"
    if not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.1f}"


def table(head, rows):
    """Print a table, which is one of Markdown too."""
    rows = [[figure(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    right = [all(re.fullmatch(r"[-\d.]*", row[i]) for row in rows)
             and i > 0 for i in range(len(head))]

    def line(cells):
        return "| " + " | ".join(
            cell.rjust(w) if r else cell.ljust(w)
            for cell, w, r in zip(cells, widths, right)) + " |"
    print(line(head))
    print("|" + "|".join("-" * (w + 1) + (":" if r else "-")
                         for w, r in zip(widths, right)) + "|")
    print(*map(line, rows), sep="\n", flush=True)
