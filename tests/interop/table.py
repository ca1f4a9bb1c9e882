"""What became of real files, one line each."""


class Row:
    HEAD = f"{'file':58} {'transfer syntax':23} {'regions':>7} {'units':>5} result"

    def __init__(self, path, syntax, envelope, result):
        """`envelope`: as `inspect` tells it, None if there is none."""
        self.path, self.syntax, self.result = path, syntax or "-", result
        self.regions = len(envelope["regions"]) if envelope else 0
        self.units = envelope["units"] if envelope else 0

    def __str__(self):
        return f"{str(self.path):58} {self.syntax:23} {self.regions:7} {self.units:5} {self.result}"


def print_table(title, rows):
    print(title, Row.HEAD, *rows, sep="\n")


def count_kinds(rows):
    """result -> how many; of a result with a reason behind a colon, what stands before it."""
    kinds = [row.result.split(":")[0] for row in rows]
    counts = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return counts
