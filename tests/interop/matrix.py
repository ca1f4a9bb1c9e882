"""What real peers did with each other through the gateway, one line for each peer in each of its roles."""

import functools
import re
from contextlib import contextmanager

from processes import run

HEAD = ("peer", "version", "role", "service", "TLS", "with", "result")


@functools.cache
def version_of(program):
    """As the program tells it."""
    found = re.search(r"\d+\.\d+(\.\d+)*", run([program, "--version"]).output)
    return found[0] if found else "?"


class Side:
    """A program in a role; `tls`: "own", "socat" beside it, or "-"."""

    def __init__(self, program, role, tls, version=None):
        self.program, self.role, self.tls = program, role, tls
        self.version = version or version_of(program)


class Told:
    """What an exchange was judged by: the test says it when all of it held."""

    compared = None


class Matrix:
    def __init__(self):
        self.rows = {}

    @contextmanager
    def exchange(self, service, *sides):
        """Of two peers, or three where what one asks for reaches another."""
        told = Told()
        try:
            yield told
            if told.compared is None:
                raise AssertionError(f"{service}: nothing was compared")
            result = told.compared
        except BaseException as error:
            result = f"FAILED: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
            raise
        finally:
            for side in sides:
                row = (side.program, side.version, side.role, service, side.tls, result)
                self.rows.setdefault(row, []).extend(other.program for other in sides if other is not side)

    def print(self):
        """Those with whom the same was seen are in one line."""
        rows = [HEAD, *((*row, " ".join(dict.fromkeys(others)), result)
                        for (*row, result), others in sorted(self.rows.items()))]
        widths = [max(map(len, column)) for column in zip(*rows)]
        print()
        for row in rows:
            print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths)).rstrip())
