# SPDX-License-Identifier: Apache-2.0
"""What bench/growth asks of an archive: pages of every type, no page twice,
and of like content whatever the archive's size; and searches."""
import base64, contextlib, random, sqlite3, subprocess, urllib.parse

MESSAGES, OTHERS = 1000, 60


def digits(data):
    return base64.b32encode(data).decode().lower()


def author_id(code):
    return digits((code << 4).to_bytes(8, "big"))[:12]


def open_db(path):
    return contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro",
                                              uri=True))


def some(rows, n=OTHERS):
    rows = list(rows)
    return random.sample(rows, min(n, len(rows)))


def again(paths, n=OTHERS):
    """n of paths, each with a query of its own, so that none was made
    before."""
    return [f"{paths[i % len(paths)]}{'&' if '?' in paths[0] else '?'}x=g{i}"
            for i in range(n)]


def posts_of(db, n):
    """(List-Id, key, Message-ID, author's code) of n messages at random."""
    most, = db.execute("SELECT max(id) FROM post").fetchone()
    while n > 0:
        row = db.execute(
            "SELECT l.name, p.key, h.message_id, a.code FROM post p "
            "JOIN head h ON h.post = p.id JOIN author a ON a.id = h.author "
            "JOIN list_name l ON l.list = p.list AND l.kind = 0 "
            "WHERE p.id = ?", (random.randint(1, most),)).fetchone()
        if row:
            n -= 1
            yield row


def threads_of(db, low, high):
    """/LIST/KEY/ of threads with so many messages."""
    most, = db.execute("SELECT max(id) FROM thread").fetchone()
    at = random.randint(0, most)
    rows = []
    for first in (at, 0):
        rows += db.execute(
            "SELECT l.name, t.key FROM thread t JOIN list_name l "
            "ON l.list = t.list AND l.kind = 0 WHERE t.id > ? AND "
            "t.n BETWEEN ? AND ? AND t.into_thread IS NULL "
            "LIMIT ?", (first, low, high, OTHERS)).fetchall()
    return [f"/{name}/{digits(key)}/" for name, key in rows[:OTHERS]]


def months_of(db, name):
    rows = db.execute(
        "SELECT m.ym FROM month m JOIN list_name l USING (list) "
        "WHERE l.name = ? ORDER BY m.ym", (name,)).fetchall()
    return [(ym // 12, ym % 12 + 1) for ym, in rows[1:-1]]


def pages_of(store, name):
    """{kind: paths}; what is of one list is of name, the biggest."""
    api = "/~api/v1"
    with open_db(store / "felid.db") as db:
        posts = list(posts_of(db, MESSAGES + 6 * OTHERS))
        months = months_of(db, name)
        small, big = threads_of(db, 20, 40), threads_of(db, 80, 120)

    def take(form):
        rows = [posts.pop() for _ in range(OTHERS)]
        return [form.format(
            list=row[0], key=digits(row[1]), author=author_id(row[3]),
            id=urllib.parse.quote(row[2].decode())) for row in rows]

    kinds = {
        "original": take("/{list}/{key}/raw"),
        "Message-ID": take("/r/{id}"),
        "author": list(dict.fromkeys(take("/{list}/author/{author}/"))),
        "API: find": take(api + "/find?id={id}"),
        "API: message": take(api + "/lists/{list}/messages/{key}"),
        "API: author": again(take(api + "/lists/{list}/authors/{author}")),
        "message": [f"/{row[0]}/{digits(row[1])}/" for row in posts],
        "thread of 20 to 40": [p + "t/" for p in small],
        "thread of 80 to 120": [p + "t/" for p in big],
        "thread's feed": [p + "t.atom" for p in small],
        "API: thread": [f"{api}/lists/{p.split('/')[1]}/threads/"
                        f"{p.split('/')[2]}" for p in small],
        "all lists": again(["/"]),
        "list": again([f"/{name}/"]),
        "month": [f"/{name}/{y:04}/{m:02}/" for y, m in some(months)],
        "year": again([f"/{name}/{y:04}/" for y in
                       sorted({y for y, _ in months})[1:]]),
        "list's feed": again([f"/{name}/new.atom"]),
        "sitemap": again(["/sitemap.xml"]),
        "list's sitemap": again([f"/{name}/sitemap.xml"]),
        "month's sitemap": [f"/{name}/sitemap-{y:04}-{m:02}.xml"
                            for y, m in some(months)],
        "API: lists": again([api + "/lists"]),
        "API: list": again([f"{api}/lists/{name}"]),
        "API: months": again([f"{api}/lists/{name}/months"]),
        "API: threads": again([f"{api}/lists/{name}/threads"]),
        "API: messages": again([f"{api}/lists/{name}/messages"]),
        "API: authors": again([f"{api}/lists/{name}/authors"]),
    }
    return {kind: paths for kind, paths in kinds.items() if paths}


def searches_of(build, store, name):
    """(kind, query) of what make_mail writes."""
    rare, middling, other, given = subprocess.run(
        build("make_mail", "words", 100000, 3000, 1500, 1200), check=True,
        text=True, capture_output=True).stdout.split()
    with open_db(store / "felid.db") as db:
        ids = [row[2].decode() for row in posts_of(db, 1)]
    return [
        ("rare word", rare),
        ("middling word", middling),
        ("very common", "the"),
        ("very common too", "patch"),
        ("phrase", '"set of"'),
        ("prefix", middling[:3] + "*"),
        ("two words", f"{middling} {other}"),
        ("fields", f"f:{given} s:patch"),
        ("dates", f"d:2025-01-01..2025-12-31 {other}"),
        ("in a list", f"l:{name} {other}"),
        ("thread", f"thread:{{{middling}}} review"),
        ("Message-ID", f"m:{ids[0].strip('<>')}"),
        ("none", "nosuchwordanywhere"),
    ]
