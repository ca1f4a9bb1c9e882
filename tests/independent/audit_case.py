"""A log that the gateway's program made, and an auditor who has the public key and one checkpoint that was kept
elsewhere."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from audit_log import Key, Log

BUILD = Path(os.environ.get("PORTCULLIS_BUILD", Path(__file__).resolve().parents[2] / "build" / "release"))
PROGRAM = BUILD / "gateway" / "portcullis"
FABRICATE = BUILD / "tests" / "support" / "audit_fabricate"
ORIGIN = "portcullis/audit/gate-1"
RECORDS = 700  # besides those of checkpoints


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)


def make_log(folder, records=RECORDS, keyring=None, **options):
    done = run(FABRICATE, folder, records, "--keyring", keyring, "--checkpoint", 100, "--rotate", 60_000,
               *(word for name, value in options.items() for word in (f"--{name}", value)))
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


class AuditTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory(prefix="portcullis-auditor-")
        root = Path(cls.made.name)
        for keyring in ("keys", "other-keys"):
            if run(PROGRAM, "keys", "init", "--keyring", root / keyring).returncode != 0:
                raise RuntimeError(keyring)
        make_log(root / "audit", keyring=root / "keys")
        cls.original = root / "audit"
        cls.keyring = root / "keys"

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="portcullis-auditor-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        shutil.copytree(self.original, self.folder / "audit")
        self.log = Log(self.folder / "audit")
        self.key = Key((self.keyring / "audit.key").read_bytes(), ORIGIN)
        # What the auditor has, elsewhere.
        self.verifier = self.folder / "gate-1.key"
        self.verifier.write_text(self.key.verifier + "\n")
        self.held = self.folder / "held.checkpoint"
        shutil.copy(self.log.folder / "audit.checkpoint", self.held)
        self.held_size = int(self.held.read_text().split("\n")[1])

    def verify(self, *words, key=True, checkpoint=True):
        return run(PROGRAM, "audit", "verify", "--log", self.log.folder,
                   *(("--key", self.verifier) if key else ()),
                   *(("--checkpoint", self.held) if checkpoint else ()), *words)

    def assert_found(self, *parts, **how):
        done = self.verify(**how)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def assert_sound(self, *words, **how):
        done = self.verify(*words, **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout
