#!/usr/bin/python3
"""The independent program and Portcullis open what the other sealed, and agree on what does not open.

1,000 random objects, half of them sealed by each. Each is opened by both as it is, as an archive may return it, and
with one byte changed: both must give the same bytes, or both refuse.
"""
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

import archive
import random_objects
from dicom import DEFLATED, EXPLICIT, IMPLICIT, DicomError, parse_file
from failures import Refused
from keyring import Keyring
from portcullis_independent import open_file, seal_file
from unit_codecs import KNOWN, NONE, RABBIT_SIV

BUILD = Path(os.environ["PORTCULLIS_BUILD"])
OBJECTS = 1000
DAMAGES = int(os.environ.get("PORTCULLIS_DAMAGES", "4"))  # of every object
TENANT = "st-elsewhere"
CODECS = {codec.id for codec in KNOWN.values()}


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def gate(direction, keyring, codec, source, target):
    """Its line for each file, by name; those that went well are in `target`."""
    command = [BUILD / "tests/support/dicom_gate", direction, "--keyring", keyring, "--tenant", TENANT]
    done = run(*command, "--codec", codec.id.decode(), source, target)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def damage(rng, file):
    """One byte of the data set is another, or it ends early."""
    at = rng.randrange(len(parse_file(file).meta), len(file))
    if rng.random() < 0.1:
        return file[:at]
    return file[:at] + bytes([file[at] ^ rng.randrange(1, 256)]) + file[at + 1 :]


class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name)
        done = run(BUILD / "gateway/portcullis", "keys", "init", "--keyring", cls.root / "keyring")
        if done.returncode:
            raise RuntimeError(done.stderr)
        cls.keyring = Keyring(cls.root / "keyring")
        rng = random.Random(20)
        cls.made = [random_objects.make(rng, number) for number in range(OBJECTS)]
        cls.plain = [random_objects.file_of(made) for made in cls.made]
        cls.sealed = cls.seal_all()

    @classmethod
    def seal_all(cls):
        """By number: of each four, one by each program with each codec."""
        sealed = {}
        for group, codec in enumerate((RABBIT_SIV, NONE)):
            ours, theirs = (range(2 * group + program, OBJECTS, 4) for program in range(2))
            sealed.update((n, seal_file(cls.plain[n], cls.keyring, TENANT.encode(), codec)) for n in ours)
            source, target = cls.root / f"plain {group}", cls.root / f"sealed {group}"
            cls.write(source, {n: cls.plain[n] for n in theirs})
            said = gate("seal", cls.root / "keyring", codec, source, target)
            if set(said.values()) != {"ok"}:
                raise RuntimeError(str({name: line for name, line in said.items() if line != "ok"}))
            sealed.update((n, (target / f"{n}.dcm").read_bytes()) for n in theirs)
        return sealed

    @staticmethod
    def write(folder, files):
        folder.mkdir()
        for number, file in files.items():
            (folder / f"{number}.dcm").write_bytes(file)

    def opened_by_both(self, name, files):
        """{number: (opened by us, opened by Portcullis)}; None is refused."""
        source, target = self.root / name, self.root / f"{name} opened"
        self.write(source, files)
        gate("open", self.root / "keyring", RABBIT_SIV, source, target)
        theirs = {n: self.read(target / f"{n}.dcm") for n in files}
        return {n: (self.open(file), theirs[n]) for n, file in files.items()}

    @staticmethod
    def read(path):
        return path.read_bytes() if path.exists() else None

    def open(self, file):
        try:
            return open_file(file, self.keyring, TENANT.encode(), CODECS)
        except (Refused, DicomError):
            return None

    def assert_all_equal(self, opened, expected):
        right = {n: [found == expected[n] for found in both] for n, both in opened.items()}
        wrong = {n: both for n, both in right.items() if not all(both)}
        self.assertEqual(wrong, {}, "by object: whether we and Portcullis gave what was sealed")

    def test_each_opens_what_the_other_sealed(self):
        sealed = sum(self.sealed[n] != self.plain[n] for n in range(OBJECTS))
        self.assertGreater(sealed, OBJECTS * 3 // 4)
        self.assert_all_equal(self.opened_by_both("as sealed", self.sealed), self.plain)

    def test_as_an_archive_returns_them(self):
        rng, files, expected = random.Random(21), {}, {}
        for number, made in enumerate(self.made):
            if made.transfer_syntax in (IMPLICIT, EXPLICIT):
                files[number], expected[number] = archive.change_encoding(made, self.sealed[number])
            elif archive.fragments(made):
                files[number], expected[number] = archive.cut_anew(rng, made, self.sealed[number])
        self.assertGreater(len(files), OBJECTS * 3 // 4)
        self.assert_all_equal(self.opened_by_both("returned", files), expected)

    def test_deflated(self):
        """By what is inside of the stream: two programs need not deflate alike."""
        made = [one._replace(transfer_syntax=DEFLATED) for one in self.made if one.transfer_syntax == EXPLICIT][:100]
        files = {number: random_objects.file_of(one) for number, one in enumerate(made)}
        source, target = self.root / "deflated", self.root / "deflated sealed"
        self.write(source, files)
        said = gate("seal", self.root / "keyring", RABBIT_SIV, source, target)
        self.assertEqual(set(said.values()), {"ok"})
        theirs = {n: (target / f"{n}.dcm").read_bytes() for n in files}
        ours = {n: seal_file(file, self.keyring, TENANT.encode(), RABBIT_SIV) for n, file in files.items()}
        expected = {n: parse_file(file).data for n, file in files.items()}
        for name, sealed in (("deflated by them", theirs), ("deflated by us", ours)):
            self.assertGreater(sum(parse_file(sealed[n]).data != expected[n] for n in files), len(files) // 2)
            opened = {n: tuple(one and parse_file(one).data for one in both)
                      for n, both in self.opened_by_both(name, sealed).items()}
            self.assert_all_equal(opened, expected)

    def test_they_agree_on_damage(self):
        for seed in range(DAMAGES):
            rng = random.Random(100 + seed)
            opened = self.opened_by_both(f"damaged {seed}", {n: damage(rng, file) for n, file in self.sealed.items()})
            wrong = {n: [found is not None for found in both] for n, both in opened.items() if both[0] != both[1]}
            self.assertEqual(wrong, {}, f"seed {seed}, by object: whether we and Portcullis opened it")
            refused = sum(both[0] is None for both in opened.values())
            self.assertGreater(refused, OBJECTS // 2)


if __name__ == "__main__":
    unittest.main()
