"""seal and open of a folder of CTs, beside copying it, and beside copying it through AES-256-GCM.

The peer reads, encrypts and writes each file, in as many processes as there are processors, and does nothing
else: no codec, no envelope, no signature, and what it wrote is not on the disk yet. portcullis is measured as it
is, with every file durable; so the peer is told with a sync behind it, too.
"""

import filecmp
import os
import resource
import shutil
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor

from measure import head, summary, tell
from offline import Offline
from processes import run
from samples import fabricated

DISTINCT = 100  # images; the other files are copies of them


def copy_through_gcm(paths):
    """[(from, to)]: each as nonce, ciphertext, tag. Processor seconds."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    began = time.process_time()
    aead = AESGCM(AESGCM.generate_key(256))
    for source, target in paths:
        nonce = os.urandom(12)
        with open(source, "rb") as file:
            sealed = aead.encrypt(nonce, file.read(), None)
        with open(target, "wb") as file:
            file.write(nonce)
            file.write(sealed)
    return time.process_time() - began


class Folder:
    def __init__(self, folder, files, cores):
        self.folder, self.cores = folder, cores
        self.images = folder / "images"
        distinct = fabricated(folder / "distinct", min(DISTINCT, files))
        self.images.mkdir()
        for i in range(files):
            shutil.copy(distinct[i % len(distinct)], self.images / f"{i:05}.dcm")
        self.bytes = sum(path.stat().st_size for path in self.images.iterdir())
        self.offline = Offline(folder)

    def cp(self, out):
        subprocess.run(["cp", "-r", self.images, out], check=True)

    def peer(self, out, workers):
        """Processor seconds."""
        out.mkdir()
        paths = [(path, out / path.name) for path in sorted(self.images.iterdir())]
        return sum(workers.map(copy_through_gcm, [paths[i::self.cores] for i in range(self.cores)]))

    def portcullis(self, command, source, target):
        done = self.offline.run(command, source, "--output", target, "--jobs", self.cores)
        if done.status != 0:
            raise RuntimeError(str(done))

    def require_same(self, opened):
        names = [path.name for path in self.images.iterdir()]
        _, different, missing = filecmp.cmpfiles(self.images, opened, names, shallow=False)
        if different or missing:
            raise RuntimeError(f"not as they were: {(different + missing)[:3]}")


def children_seconds():
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def timed(found, name, work, *arguments):
    """Seconds, and those of processors: of the program that was run, or that `work` returns."""
    began, processor = time.monotonic(), children_seconds()
    told = work(*arguments)
    found[name] = time.monotonic() - began
    found[f"{name}, processor"] = told or children_seconds() - processor


def measure_round(folder, out, workers):
    """Nothing is removed between rounds: ext4 searches long for inodes that were not in use a minute ago."""
    out.mkdir()
    found = {}
    os.sync()
    timed(found, "cp", folder.cp, out / "cp")
    os.sync()
    timed(found, "peer", folder.peer, out / "peer", workers)
    began = time.monotonic()
    os.sync()
    found["peer and sync"] = found["peer"] + time.monotonic() - began
    timed(found, "seal", folder.portcullis, "seal", folder.images, out / "sealed")
    timed(found, "open", folder.portcullis, "open", out / "sealed", out / "opened")
    folder.require_same(out / "opened")
    return found


LABELS = {"cp": "cp -r, one process", "peer": "copied through AES-256-GCM", "peer and sync": "  and then sync",
          "seal": "portcullis seal, durable", "open": "portcullis open, durable"}


def measure(folder, chosen):
    cores = len(os.sched_getaffinity(0))
    images = Folder(folder, chosen.files, cores)
    head(f"{chosen.files} CTs in a folder, {images.bytes / 1e9:.2f} GB, {cores} processors; seconds")
    with ProcessPoolExecutor(cores) as workers:
        rounds = [measure_round(images, folder / f"round{i}", workers) for i in range(chosen.rounds or 3)]
    found = {name: summary([one[name] for one in rounds]) for name in rounds[0]}
    for name, label in LABELS.items():
        tell(label, found[name])
        if f"{name}, processor" in found:
            tell("  processor time", found[f"{name}, processor"])
    for name in ("seal", "open"):
        for peer, mine in (("peer", name), ("peer and sync", name), ("peer, processor", f"{name}, processor")):
            ratio = found[f"{name} to {peer}"] = summary([one[peer] / one[mine] for one in rounds])
            tell(f"speed of {name} to that of the {peer}", ratio)
    return {"files": chosen.files, "bytes": images.bytes, "cores": cores, **found}
