"""kill -9 of `seal` and `open` in place: at any moment each file is whole, and a second run does the rest."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import *
from offline import Offline, digests, leftovers
from samples import KINDS, PYDICOM

ROUNDS = int(os.environ.get("PORTCULLIS_KILL_ROUNDS", "100"))
COPIES = 5  # of each of the real images


class Kill(InteropTest):
    def setUp(self):
        super().setUp()
        self.offline = Offline(self.folder)
        self.images, self.checked = self.folder / "images", self.in_memory() / "checked"
        self.originals, self.moments = self.folder / "originals", random.Random()
        self.originals.mkdir()
        for name in KINDS:
            for copy in range(COPIES):
                shutil.copy(PYDICOM / name, self.originals / f"{copy}-{name}")
        self.expected = digests(self.originals)

    def in_memory(self):
        """A folder for what is only looked at: durable writes cost nothing there."""
        folder = tempfile.mkdtemp(prefix="portcullis-interop-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def reset(self):
        for folder in (self.images, self.checked):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.originals, self.images)

    def completed(self, command):
        """Seconds that it took."""
        began = time.monotonic()
        done = self.offline.run(command, self.images, "--in-place")
        self.assertEqual(done.status, 0, str(done))
        return time.monotonic() - began

    def kill(self, command, moment):
        """Whether it was still running."""
        process = subprocess.Popen(list(map(str, self.offline.command(command, self.images, "--in-place"))),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def assert_whole(self):
        """Each file is the original or opens to it; how many are the original."""
        shutil.rmtree(self.checked, ignore_errors=True)
        done = self.offline.run("open", self.images, "--output", self.checked)
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(digests(self.checked), self.expected)
        return sum(found == self.expected[path] for path, found in digests(self.images).items())

    def round(self, command, whole):
        """Kills `command` once, checks, lets a second run finish. (killed, midway, had leftovers)"""
        killed = self.kill(command, self.moments.uniform(0, whole))
        left = leftovers(self.images)
        originals = self.assert_whole()
        self.completed(command)
        self.assertEqual(leftovers(self.images), [])
        self.assertEqual(self.assert_whole(), 0 if command == "seal" else len(self.expected))
        return killed, 0 < originals < len(self.expected), bool(left)

    def test_kill_at_random_moments(self):
        seed = int.from_bytes(os.urandom(4), "big")
        self.moments.seed(seed)
        self.reset()
        whole = {command: self.completed(command) for command in ("seal", "open")}
        found = []
        for number in range(ROUNDS):
            command = ("seal", "open")[number % 2]
            with self.subTest(round=number, command=command, seed=seed):
                found.append(self.round(command, whole[command]))
        self.assertEqual(len(found), ROUNDS)
        killed, midway, left = (sum(column) for column in zip(*found))
        print(f"{killed} of {ROUNDS} were killed, {midway} with some files done, {left} with files half-written")
        self.assertGreater(killed, ROUNDS // 4, "most kills came too late to matter")
        self.assertGreater(midway, 0, "no kill came between the first file and the last")


if __name__ == "__main__":
    unittest.main()
