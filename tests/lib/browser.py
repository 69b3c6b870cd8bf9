# SPDX-License-Identifier: Apache-2.0
"""Reads the pages of a felid as a browser with a suspicious mind."""
import hashlib, html.parser, http.client, re, time

# What no page of ours has, and every attack needs.
ELEMENTS = set("""a article b blockquote body br caption code dd del details div dl dt
    em footer h1 h2 h3 h4 h5 h6 head header hr html i img ins kbd li link main mark
    meta nav ol p pre s samp section small span strong sub summary sup table
    tbody td tfoot th thead time title tr tt u ul var""".split())
SCHEMES = {"http", "https", "mailto", "news", "nntp", "ftp"}


class Faults(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            value = re.sub(r"[\0-\x20]", "", value or "").lower()
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", value)
            if name.startswith("on") or name in ("style", "srcdoc", "action",
                                                 "formaction", "background"):
                self.faults.append(f"{name}={value!r}")
            if name in ("href", "src", "cite", "data", "xlink:href") and \
                    scheme and scheme[1] not in SCHEMES:
                self.faults.append(f"{name}={value!r}")
            if tag == "meta" and name == "http-equiv":
                self.faults.append(f"{name}={value!r}")


def faults(body):
    """What is dangerous in the HTML of a page."""
    try:
        text = body.decode()
    except UnicodeDecodeError as e:
        return [str(e)]
    # Our own script, what it puts on the page and the choice of languages:
    # at their places alone.
    head, body_tag, rest = text.partition("\n<body>\n")
    head = re.sub(r'<script src="[^"<>]*/~/felid-[0-9a-f]{12}\.js" defer>'
                  r"</script>\n", "", head, count=1)
    rest = re.sub(r'(?s)<script type="text/html">(?:(?!</?script).)*</script>\n'
                  r"(?=</body>\n</html>\n\Z)", "", rest)
    rest = re.sub(r'(?s)<form class="languages" action="[^"<>]*/~lang">'
                  r"(?:(?!</?form).)*</form>\n(?=<p>(?:(?!</?p>).)*</p>"
                  r"</footer>\n</body>)", "", rest)
    # Pictures of bars, which have nothing else.
    rest = re.sub(r'<svg class="chart(?: small)?" role="img" viewBox="[0-9 ]+">'
                  r'<title>[^<>]*</title><path d="[MVvh0-9 -]*"/></svg>\n',
                  "", rest)
    # What asks for some of the lists, and says again what was asked for.
    rest = re.sub(r'<form class="find">\n<label>[^<>]* <input type="search" '
                  r'name="q" value="[^"<>]*"></label>\n<label>[^<>]* <select '
                  r'name="sort">\n(?:<option value="[a-z]+"(?: selected)?>'
                  r"[^<>]*</option>\n)*</select></label>\n<button>[^<>]*"
                  r"</button>\n</form>\n", "", rest, count=1)
    # What searches for words, and takes along what was found.
    rest = re.sub(r'<form role="search" action="[^"<>]*/"><input type="search" '
                  r'name="q" aria-label="[^"<>]*"><button>[^<>]*</button></form>'
                  r"(?=</header>\n<main)", "", rest, count=1)
    rest = re.sub(r'<form class="find" role="search" action="[^"<>]*/">\n'
                  r'<label>[^<>]* <input type="search" name="q" '
                  r'value="[^"<>]*"></label>\n(?:<input type="hidden" '
                  r'name="(?:sort|t)" value="[a-z1]+">)*<button>[^<>]*</button>\n'
                  r"</form>\n", "", rest, count=1)
    rest = re.sub(r'<form method="post" action="[^"<>]*[?]q=[^"<>]*x=m">'
                  r"<button>[^<>]*</button></form>", "", rest)
    rest = re.sub(r'<svg class="bar" viewBox="0 0 100 8" '
                  r'preserveAspectRatio="none" aria-hidden="true">'
                  r'<path d="M0 0h\d+v8H0z"/></svg>', "", rest)
    text = head + body_tag + rest
    parser = Faults()
    parser.feed(text)
    parser.close()
    # What a browser may see where that parser does not.
    parser.faults += re.findall(r"(?i)<\s*/?\s*(?:script|iframe|svg)\b", text)
    parser.faults += re.findall(r"(?i)<[a-z][^<>]*[\s/\"']on\w+\s*=", text)
    parser.faults += re.findall(
        r"(?i)<[a-z][^<>]*(?:href|src)\s*=\s*[\"']?\s*javascript", text)
    parser.faults += [f"U+{ord(c):04X}" for c in text
                      if ord(c) < 32 and c not in "\t\n\r\f"]
    return parser.faults


class Browser:
    """One connection, kept; how long the slowest answer took."""

    def __init__(self, felid):
        self.conn = http.client.HTTPConnection("127.0.0.1", felid.http_port,
                                               timeout=60)
        self.slowest = (0, "")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.conn.close()

    def get(self, path):
        begun = time.monotonic()
        self.conn.request("GET", path)
        r = self.conn.getresponse()
        body = r.read()
        self.slowest = max(self.slowest, (time.monotonic() - begun, path))
        return r.status, body

    def must(self, path):
        status, body = self.get(path)
        if status != 200:
            raise AssertionError(f"{path}: {status}")
        return body

    def page(self, path):
        """A page that is there and has nothing dangerous."""
        body = self.must(path)
        found = faults(body)
        if found:
            raise AssertionError(f"{path}: {found[:5]}")
        return body.decode()

    def raw(self, path):
        return hashlib.sha256(self.must(path + "raw")).hexdigest()

    def keys(self, name):
        """The keys of all messages of a list, by way of its months and
        threads."""
        keys, months = set(), set(re.findall(
            rf'href="(/{name}/\d{{4}}/\d\d/)"', self.page(f"/{name}/")))
        for month in sorted(months):
            todo, seen = [month], set()
            while todo:
                path = todo.pop()
                seen.add(path)
                body = self.page(path)
                for key, rest in re.findall(
                        rf'<li><a href="/{name}/(\w{{32}})/(t/)?"', body):
                    keys.add(key)
                    thread = f"/{name}/{key}/t/"
                    if rest and thread not in seen:
                        seen.add(thread)
                        keys.update(re.findall(r' id="m(\w{32})"',
                                               self.page(thread)))
                todo += [p for p in re.findall(
                    rf'href="({month}\?page=\d+)"', body) if p not in seen]
        return keys
