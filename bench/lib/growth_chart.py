# SPDX-License-Identifier: Apache-2.0
"""The picture of bench/growth: each cost against the archive's size, as how
many times it is what it is in the smallest archive."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, PLOT = 1000, 560, 60, 50, 560
MOST = 1.25  # what a cost may grow by
COLOURS = ["#1b6ca8", "#c1440e", "#3a7d44", "#7b4397", "#b8860b", "#008080",
           "#a0306a", "#5b5b5b", "#4a6fe3", "#8b5a2b"]
# What is no cost that should stay as it is.
APART = {("filling", "import's most MiB resident"),
         ("filling", "index's most MiB resident")}
SECTIONS = {"filling", "pages", "search", "live", "start", "memory"}


def series_of(flats):
    """(name, values) of what costs something, the worst first."""
    out = []
    for key, first in flats[0].items():
        if key[0] not in SECTIONS or key in APART or first <= 0 or \
                key[1].endswith("/s"):
            continue
        values = [f.get(key, 0) / first for f in flats]
        name = key[1] if key[0] in ("start", "live") else \
            f"{key[0].removesuffix('s')}: {key[1]}"
        out.append((name, values))
    return sorted(out, key=lambda s: -s[1][-1])


def text(x, y, words, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>'


def draw(sizes, flats):
    series = series_of(flats)
    top = max(2.0, min(8.0, max(max(v) for _, v in series) * 1.05))

    def x(n):
        low, high = math.log10(sizes[0]), math.log10(sizes[-1])
        return LEFT + (math.log10(n) - low) / (high - low) * PLOT

    def y(value):
        return HEIGHT - 60 - min(value, top) / top * (HEIGHT - 60 - TOP)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
           f'height="{HEIGHT}" font-family="sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="#fff"/>',
           text(LEFT, 24, "Cost against the archive's size, the smallest "
                "being 1", 'font-size="16"'),
           text(LEFT, HEIGHT - 16, "messages")]
    for n in sizes:
        out.append(f'<line x1="{x(n):.1f}" x2="{x(n):.1f}" y1="{TOP}" '
                   f'y2="{HEIGHT - 60}" stroke="#ddd"/>')
        out.append(text(x(n), HEIGHT - 40, f"{n:,}", 'text-anchor="middle"'))
    for step in range(int(top) + 1):
        out.append(f'<line x1="{LEFT}" x2="{LEFT + PLOT}" y1="{y(step):.1f}" '
                   f'y2="{y(step):.1f}" stroke="#ddd"/>')
        out.append(text(LEFT - 8, y(step) + 4, str(step),
                        'text-anchor="end"'))
    out.append(f'<line x1="{LEFT}" x2="{LEFT + PLOT}" y1="{y(MOST):.1f}" '
               f'y2="{y(MOST):.1f}" stroke="#c00" stroke-dasharray="6 4"/>')
    out.append(text(LEFT + 4, y(MOST) - 4, f"{MOST}", 'fill="#c00"'))
    for i, (name, values) in enumerate(series):
        worst = i < 24
        colour = COLOURS[i % len(COLOURS)] if worst else "#bbb"
        points = " ".join(f"{x(n):.1f},{y(v):.1f}"
                          for n, v in zip(sizes, values))
        out.append(f'<polyline points="{points}" fill="none" '
                   f'stroke="{colour}" stroke-width="1.5"/>')
        if worst:
            at = TOP + i * (HEIGHT - 60 - TOP) / 24
            out.append(f'<line x1="{LEFT + PLOT}" y1="{y(values[-1]):.1f}" '
                       f'x2="{LEFT + PLOT + 26}" y2="{at:.1f}" '
                       f'stroke="{colour}" stroke-width="0.6"/>')
            out.append(text(LEFT + PLOT + 30, at + 4,
                            f"{values[-1]:.2f}  {name}",
                            f'fill="{colour}"'))
    if len(series) > 24:
        out.append(text(LEFT + PLOT + 30, HEIGHT - 40,
                        f"and {len(series) - 24} that grow less"))
    return "\n".join(out) + "\n</svg>\n"
