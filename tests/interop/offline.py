"""seal, open and inspect at the command line, and folders to do it in."""

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from gateway import PROGRAM
from harness import InteropTest
from processes import run
from samples import PYDICOM

CHARSETS = PYDICOM.parent / "charset_files"
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
        return done, by_path(done)


def by_path(done):
    """What --json told of each file."""
    files = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    return {Path(file["path"]): file for file in files}


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def digests(folder):
    """Of all files of a folder at any depth, by their path from it; without what a killed run left."""
    return {path.relative_to(folder): digest(path) for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and not TEMPORARY.fullmatch(path.name)}


def leftovers(folder):
    return [path for path in Path(folder).rglob(".*") if TEMPORARY.fullmatch(path.name)]


def real_folders():
    """With real files of all kinds, whole and broken; and the larger collection, where there is one."""
    return [Path(folder) for folder in (PYDICOM, CHARSETS, os.environ.get("PORTCULLIS_SAMPLES")) if folder]


class OfflineTest(InteropTest):
    def setUp(self):
        super().setUp()
        self.offline = Offline(self.folder)
        self.images = self.folder / "images"

    def take(self, *names):
        """Copies of real files."""
        self.images.mkdir(exist_ok=True)
        for name in names:
            shutil.copy2(PYDICOM / name, self.images)
        return [self.images / name for name in names]

    def forget(self, *folders):
        for folder in folders:
            shutil.rmtree(self.folder / folder, ignore_errors=True)

    def assert_ran(self, name, *arguments):
        done = self.offline.run(name, *arguments)
        self.assertEqual(done.status, 0, str(done))
        return done

    def assert_refused(self, done, *words):
        """One line for people, exit status 1."""
        self.assertEqual(done.status, 1, str(done))
        lines = [line for line in done.output.splitlines() if line.startswith("portcullis: ")]
        self.assertEqual(len(lines), 1, str(done))
        for word in words:
            self.assertIn(word, lines[0])
