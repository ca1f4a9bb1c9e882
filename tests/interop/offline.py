"""seal, open and inspect at the command line, and folders to do it in."""

import hashlib
import json
import re
from pathlib import Path

from gateway import PROGRAM
from processes import run

TEMPORARY = re.compile(r"\..+\.portcullis-[A-Za-z0-9]{6}")


class Offline:
    """A keyring, and the program with it."""

    def __init__(self, folder):
        self.keyring = Path(folder) / "keyring"
        done = run([PROGRAM, "keys", "init", "--keyring", self.keyring])
        if done.status != 0:
            raise RuntimeError(str(done))

    def command(self, name, *arguments):
        return [PROGRAM, name, "--keyring", self.keyring, *arguments]

    def run(self, name, *arguments):
        return run(self.command(name, *arguments))

    def states(self, name, *arguments):
        """The answer, and what became of each file, by its path."""
        done = self.run(name, "--json", *arguments)
        files = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
        return done, {Path(file["path"]): file for file in files}


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def digests(folder):
    """Of all files of a folder at any depth, by their path from it; without what a killed run left."""
    return {path.relative_to(folder): digest(path) for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and not TEMPORARY.fullmatch(path.name)}


def leftovers(folder):
    return [path for path in Path(folder).rglob(".*") if TEMPORARY.fullmatch(path.name)]
