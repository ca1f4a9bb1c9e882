"""What the parts of the benchmark share: how a measurement is taken, and how it is told."""

import os
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import processes
from gateway import Gateway, peer
from processes import Daemon, free_port, run

ROOM = 6 * 2 ** 30  # bytes: more than what passes at any time
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def no_delay_unset():
    """DCMTK's tools as Debian installs them: Nagle's algorithm is on unless TCP_NODELAY is set."""
    value = processes.ENVIRONMENT.pop("TCP_NODELAY")
    try:
        yield
    finally:
        processes.ENVIRONMENT["TCP_NODELAY"] = value


class PlainStorescp:
    """storescp with no option but where to put what it receives; `fork`: for more than one association."""

    title = "PACS"

    def __init__(self, folder, fork=False, options=()):
        self.port, self.folder = free_port(), Path(folder)
        self.received = self.folder / "received"
        self.received.mkdir(parents=True)
        self.taken = 0
        words = [*(["--fork"] if fork else []), *options, "-od", self.received, self.port]
        self.daemon = Daemon("storescp", ["storescp", *words], self.folder / "storescp.log", self.port)

    def empty(self):
        """Of what was counted: the next round has the room."""
        for path in self.received.iterdir():
            path.unlink()
        self.taken = 0

    def take(self):
        """How many objects came since the last call. They stay: ext4 searches long for inodes that were not in
        use a minute ago, and the next round would be measured beside that."""
        before, self.taken = self.taken, sum(1 for _ in self.received.iterdir())
        return self.taken - before

    def stop(self):
        self.daemon.stop()


def print_logs(folder):
    for log in sorted(folder.rglob("*.log")):
        text = log.read_text(errors="replace")
        print(f"---- {log.relative_to(folder)} (the last of it)\n{text[-4000:]}", file=sys.stderr)


@contextmanager
def in_memory(needed=ROOM):
    """A folder for what images are read from and written to, so that no disk but the gateway's is measured; where
    memory has not so many bytes for it, on the disk."""
    memory = Path("/dev/shm")
    where = memory if memory.is_dir() and shutil.disk_usage(memory).free > needed else None
    with tempfile.TemporaryDirectory(prefix="portcullis-bench-", dir=where) as folder:
        try:
            yield Path(folder)
        except Exception:
            print_logs(Path(folder))
            raise


def sealing_gateway(folder, archive, durability="strict", tls={}, **sections):
    """With keys, not started: it seals all that is stored in a PlainStorescp. `tls` of both legs."""
    gateway = Gateway(folder)
    listed = {"name": "main", "ae_title": archive.title, "host": "127.0.0.1", "port": archive.port,
              "durability": durability, **tls}
    scanners = {"name": "scanners", "role": "ingress", "address": "127.0.0.1", "port": gateway.scanner_port, **tls}
    own = {"listen": [scanners], **sections.pop("gateway", {})}
    gateway.configure([listed], [peer("nobody", "NOBODY")], ["nobody"], gateway=own, **sections)
    return gateway.init_keys()


def send(images, port, archive, associations=1, options=()):
    """Seconds until `associations` scanners have each sent all images, each under new SOP Instance UIDs.

    Raises unless everything arrived at `archive`.
    """
    command = ["storescu", "+II", *options, "-aet", "SCANNER", "-aec", archive.title, "127.0.0.1", port, *images]
    began = time.monotonic()
    with ThreadPoolExecutor(associations) as scanners:
        done = list(scanners.map(lambda _: run(command), range(associations)))
    seconds = time.monotonic() - began
    arrived = archive.take()
    if any(one.status != 0 for one in done) or arrived != associations * len(images):
        raise RuntimeError(f"{arrived} of {associations * len(images)} objects arrived\n{done[0]}")
    return seconds


def send_all(images, port, title):
    """To an archive that is no PlainStorescp."""
    done = run(["storescu", "-aet", "SCANNER", "-aec", title, "127.0.0.1", port, *images])
    if done.status != 0:
        raise RuntimeError(str(done))


def cpu_seconds(daemon):
    """Of user and kernel, since the process began."""
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def total(gateway, counter):
    """Of all archives."""
    lines = gateway.http("/metrics")[1].splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(counter))


def require_sealed(gateway, count):
    """Nothing was measured that passed in the clear."""
    sealed = total(gateway, "portcullis_sealed_objects_total")
    if sealed != count:
        raise RuntimeError(f"{sealed} of {count} objects were sealed")


def require_opened(gateway, count):
    opened = total(gateway, "portcullis_opened_objects_total")
    if opened != count:
        raise RuntimeError(f"{opened} of {count} objects were opened")


def memory_limit_kib(associations):
    return (64 + 4 * associations) * 1024


def mib(kib):
    return f"{kib / 1024:.1f} MiB"


def summary(values):
    """Of one quantity, measured in several rounds."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values), "all": values}


def tell(label, of):
    print(f"  {label:<46}{of['median']:8.3f}  ({of['least']:.3f} - {of['most']:.3f})")


def head(title):
    print(f"\n{title}   [load {os.getloadavg()[0]:.1f}]")
