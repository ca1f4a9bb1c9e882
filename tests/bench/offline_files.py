"""seal and open of a folder of CTs, beside what copies and encrypts it and does nothing else: no codec, no
envelope, no signature.

Two such peers. cp -r, and then AES-256-GCM over all files, in as many processes as there are processors: the sum
of the two. And one program that reads, encrypts and writes each file, in as many processes. What they wrote is
not on the disk yet; portcullis is measured as it is, with every file durable; so the second is told with a sync
behind it, too.
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
AIM = 0.7  # of the speed of cp plus AES-256-GCM


def through_gcm(paths):
    """[(from, to)]: each as nonce, ciphertext, tag; to None: written nowhere. Processor seconds."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    began = time.process_time()
    key = algorithms.AES(os.urandom(32))
    largest = max(os.path.getsize(source) for source, _ in paths)
    plain, sealed = (memoryview(bytearray(largest + 15)) for _ in range(2))  # used again: memory is not the peer's work
    for source, target in paths:
        nonce = os.urandom(12)
        gcm = Cipher(key, modes.GCM(nonce)).encryptor()
        with open(source, "rb", buffering=0) as file:
            size = file.readinto(plain)
        gcm.update_into(plain[:size], sealed)
        gcm.finalize()
        if target is None:
            continue
        with open(target, "wb", buffering=0) as file:
            file.write(nonce)
            file.write(sealed[:size])
            file.write(gcm.tag)
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

    def encrypt(self, workers, out=None):
        """Processor seconds."""
        paths = [(path, out and out / path.name) for path in sorted(self.images.iterdir())]
        return sum(workers.map(through_gcm, [paths[i::self.cores] for i in range(self.cores)]))

    def copy_through_gcm(self, out, workers):
        out.mkdir()
        return self.encrypt(workers, out)

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
    timed(found, "AES-256-GCM", folder.encrypt, workers)
    for what in ("", ", processor"):
        found[f"cp plus AES-256-GCM{what}"] = found[f"cp{what}"] + found[f"AES-256-GCM{what}"]
    os.sync()
    timed(found, "one program", folder.copy_through_gcm, out / "peer", workers)
    began = time.monotonic()
    os.sync()
    found["one program and sync"] = found["one program"] + time.monotonic() - began
    timed(found, "seal", folder.portcullis, "seal", folder.images, out / "sealed")
    timed(found, "open", folder.portcullis, "open", out / "sealed", out / "opened")
    folder.require_same(out / "opened")
    return found


LABELS = {"cp": "cp -r, one process", "AES-256-GCM": "AES-256-GCM, written nowhere",
          "cp plus AES-256-GCM": "cp plus AES-256-GCM", "one program": "copied through AES-256-GCM",
          "one program and sync": "  and then sync", "seal": "portcullis seal, durable",
          "open": "portcullis open, durable"}
PEERS = {"cp plus AES-256-GCM": f"cp plus AES-256-GCM (aim: {AIM})", "one program": "one program that does both",
         "one program and sync": "that, and sync", "cp plus AES-256-GCM, processor": "the first, processor",
         "one program, processor": "the second, processor"}


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
        for peer, label in PEERS.items():
            mine = f"{name}, processor" if peer.endswith("processor") else name
            ratio = found[f"{name} to {peer}"] = summary([one[peer] / one[mine] for one in rounds])
            tell(f"speed of {name} to {label}", ratio)
    return {"files": chosen.files, "bytes": images.bytes, "cores": cores, "aim": AIM, **found}
