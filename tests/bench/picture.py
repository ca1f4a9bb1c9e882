"""What was measured, as one SVG: ingest beside its floor, retrieval beside its, and the curves of scaling."""

import math
from xml.sax.saxutils import escape

WIDTH, PANEL = 900, 300
COLOURS = {"direct": "#b8b8b8", "HAProxy": "#7a9cc6", "floor": "#d9b44a", "strict": "#2f6f4f", "batch": "#69a886",
           "gateway": "#2f6f4f"}


def text(x, y, words, anchor="start", size=12, colour="#222"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">'
            f'{escape(str(words))}</text>')


def rectangle(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def legend(names, x, y):
    parts = []
    for name in names:
        parts += [rectangle(x, y - 9, 10, 10, COLOURS[name]), text(x + 14, y, name)]
        x += 30 + 7 * len(name)
    return parts


def bars(groups, names, title):
    """`groups`: what -> {name: seconds}. Each group has a scale of its own: its longest bar is as long as any."""
    parts, y = [text(10, 20, title, size=15), *legend(names, 10, 42)], 66
    for what, values in groups.items():
        parts.append(text(10, y + 4, what))
        longest = max(values.values())
        for name in names:
            if name in values:
                length = 480 * values[name] / longest
                parts += [rectangle(260, y - 6, length, 11, COLOURS[name]),
                          text(266 + length, y + 4, f"{values[name]:.2f} s", size=11)]
                y += 14
        y += 10
    return parts, y


class Axis:
    """Logarithmic, from the least to the most of the values."""

    def __init__(self, values, begin, end):
        self.low, self.high = math.log10(min(values)), math.log10(max(values))
        self.begin, self.end = begin, end

    def at(self, value):
        share = (math.log10(value) - self.low) / ((self.high - self.low) or 1)
        return self.begin + share * (self.end - self.begin)


def curve(points, of, top, title, label, amount, beside=None):
    """`of`: key of x, key of y. `label` of an x, `amount` of a y. `beside`: key of another y, drawn without amounts."""
    xs, ys = [one[of[0]] for one in points], [one[of[1]] for one in points]
    others = [one[beside] for one in points] if beside else []
    across = Axis(xs, 80, WIDTH - 60)
    up = Axis([min(ys + others) * 0.8, max(ys + others) * 1.25], top + PANEL - 60, top + 40)
    parts = [text(10, top + 20, title, size=15)]
    if beside:
        parts += [*legend(("gateway", "direct"), WIDTH - 200, top + 20), polyline(xs, others, across, up, "direct")]
    parts.append(polyline(xs, ys, across, up, "gateway"))
    for x_value, y_value in zip(xs, ys):
        x, y = across.at(x_value), up.at(y_value)
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{COLOURS["gateway"]}"/>',
                  text(x, y - 9, amount(y_value), "middle", 11),
                  text(x, top + PANEL - 34, label(x_value), "middle", 11)]
    return parts


def polyline(xs, ys, across, up, name):
    line = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in zip(xs, ys))
    return f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>'


def short(count):
    """Of bytes."""
    for unit, name in ((2 ** 30, "GiB"), (2 ** 20, "MiB"), (2 ** 10, "KiB")):
        if count >= unit:
            return f"{count / unit:g} {name}"
    return str(count)


def milliseconds(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def of_memory(kib):
    return f"{kib / 1024:.0f} MiB"


def ingest_bars(ingest):
    groups = {}
    for what, of in ingest.items():
        if not isinstance(of, dict):
            continue
        ways = of["ways"]
        groups[what] = {"direct": ways["direct"]["seconds"]["median"], "HAProxy": ways["HAProxy"]["seconds"]["median"],
                        "floor": ways["rabbit-siv, strict"]["floor"]["median"],
                        "strict": ways["rabbit-siv, strict"]["seconds"]["median"],
                        "batch": ways["rabbit-siv, batch"]["seconds"]["median"]}
    return groups


def draw(found):
    """Of what there is in `found`, as `run` gathers it."""
    parts, y = [], 0
    blocks = []
    if "ingest" in found:
        blocks.append((ingest_bars(found["ingest"]), ("direct", "HAProxy", "floor", "strict", "batch"),
                       "Ingest: scanner to archive, sealed (floor: HAProxy, sealing on one core, a durable write)"))
    if "retrieval" in found:
        blocks.append(({name: {"direct": of["direct"]["seconds"]["median"], "HAProxy": of["HAProxy"]["seconds"]["median"],
                               "floor": of["floor"]["median"], "gateway": of["gateway"]["seconds"]["median"]}
                        for name, of in found["retrieval"].items() if name.startswith("C-")},
                       ("direct", "HAProxy", "floor", "gateway"),
                       "Retrieval: archive to viewer, opened and verified (floor: HAProxy, opening on one core)"))
    for groups, names, title in blocks:
        drawn, height = bars(groups, names, title)
        parts.append(f'<g transform="translate(0 {y})">{"".join(drawn)}</g>')
        y += height + 10
    if "scaling" in found:
        associations, sizes = found["scaling"]["associations"], found["scaling"]["sizes"]
        for points, of, title, label, amount, beside in (
                (associations, ("associations", "milliseconds"), "Milliseconds per image of 128 KiB, over associations "
                 "at once", str, milliseconds, "direct_milliseconds"),
                (associations, ("associations", "peak_kib"), "Peak memory, over associations at once", str, of_memory,
                 None),
                (sizes, ("bytes", "milliseconds"), "Milliseconds per object, over its size", short, milliseconds,
                 "direct_milliseconds"),
                (sizes, ("bytes", "peak_kib"), "Peak memory, over the size of an object", short, of_memory, None)):
            parts += curve(points, of, y, title, label, amount, beside)
            y += PANEL
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" font-family="sans-serif">'
            f'{rectangle(0, 0, WIDTH, y, "#ffffff")}{"".join(parts)}</svg>\n')
