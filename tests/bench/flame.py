"""Where the instructions of an image go: a flame graph of what callgrind has counted.

Callgrind knows who calls whom, and not by which way a function was reached: what it took is shared among its callers
by what each of them is charged with.
"""

import re
from collections import defaultdict
from xml.sax.saxutils import escape

ROOT = "Threads::run()"  # what serves connections begins there
WIDTH, ROW = 1200, 17    # pixels
LEAST = 0.002            # of all; what is less is left out
DEEPEST = 60


class Counted:
    """Of a file of callgrind's: instructions of each function by itself, and of each call; and how often each was
    called."""

    def __init__(self, path):
        self.names, self.own, self.calls = {}, defaultdict(int), defaultdict(lambda: defaultdict(int))
        self.times = defaultdict(int)
        function = called = None
        follows_calls = False
        for line in path.read_text().splitlines():
            if line.startswith("fn="):
                function = self._name(line[3:])
            elif line.startswith("cfn="):
                called = self._name(line[4:])
            elif line.startswith("calls="):
                self.times[called] += int(line[6:].split()[0])
                follows_calls = True
            elif re.match(r"[+\-*\d]", line):
                cost = int(line.split()[-1])
                if follows_calls:
                    self.calls[function][called] += cost
                else:
                    self.own[function] += cost
                follows_calls = False

    def _name(self, text):
        number, _, name = text.partition(" ")
        if name:
            self.names[number] = name
        return self.names[number]

    def whole(self, function):
        return self.own[function] + sum(self.calls[function].values())


def short(name):
    name = re.sub(r"\[clone.*?\]|portcullis::|\(anonymous namespace\)::|boost::asio::(detail::)?", "", name)
    while "<" in name and (plain := re.sub(r"<[^<>]*>", "", name)) != name:
        name = plain
    return re.sub(r"\(.*", "", name).strip() or "?"


def is_ours(name):
    return "portcullis::" in name


class Flame:
    def __init__(self, counted):
        self.counted, self.rectangles, self.deepest = counted, [], 0
        self.ways = self._that_lead_to_ours()
        root = max((name for name in counted.own if ROOT in name), key=counted.whole)
        self.all = counted.whole(root)
        self._draw(root, self.all, 0, 0, (root,))

    def _that_lead_to_ours(self):
        """Functions of others by way of which ours are called: the standard library's, and Asio's."""
        callers = defaultdict(set)
        for function, called in self.counted.calls.items():
            for one in called:
                callers[one].add(function)
        ways, waiting = set(), [name for name in callers if is_ours(name)]
        while waiting:
            for caller in callers[waiting.pop()]:
                if not is_ours(caller) and caller not in ways:
                    ways.add(caller)
                    waiting.append(caller)
        return ways

    def _called(self, function, cost, above):
        """What it calls, and what of its cost that takes; such ways are left out."""
        all_called = defaultdict(float)
        share = cost / self.counted.whole(function)
        for called, of_it in self.counted.calls[function].items():
            if called in above or of_it * share < LEAST * self.all:
                continue
            if called in self.ways:
                for one, of_one in self._called(called, of_it * share, (*above, called)).items():
                    all_called[one] += of_one
            else:
                all_called[called] += of_it * share
        return all_called

    def _draw(self, function, cost, left, depth, above):
        if cost < LEAST * self.all or depth > DEEPEST:
            return
        self.rectangles.append((left, depth, cost, short(function), is_ours(function)))
        self.deepest = max(self.deepest, depth)
        for called, of_it in sorted(self._called(function, cost, above).items(), key=lambda one: -one[1]):
            self._draw(called, of_it, left, depth + 1, (*above, called))
            left += of_it

    def svg(self, title):
        height = (self.deepest + 3) * ROW
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
                 f'font-size="11"><rect width="{WIDTH}" height="{height}" fill="#fff"/>'
                 f'<text x="4" y="13" font-size="13">{escape(title)}</text>']
        for left, depth, cost, name, ours in self.rectangles:
            x, width = WIDTH * left / self.all, WIDTH * cost / self.all
            y = height - (depth + 1) * ROW
            label = escape(name[:int(width / 6)]) if width > 30 else ""
            parts.append(f'<g><title>{escape(name)}: {100 * cost / self.all:.1f} %</title>'
                         f'<rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.5):.1f}" height="{ROW - 1}" '
                         f'fill="{"#e0a458" if ours else "#b9c4d0"}"/>'
                         f'<text x="{x + 3:.1f}" y="{y + 12}">{label}</text></g>')
        return "".join(parts) + "</svg>\n"


def flame_graph(callgrind_file, title):
    return Flame(Counted(callgrind_file)).svg(title)
