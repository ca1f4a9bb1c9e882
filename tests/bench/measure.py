"""What the parts of the benchmark share: how a measurement is taken, and how it is told."""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import processes
from processes import Daemon, free_port, run

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

    def __init__(self, folder, fork=False):
        self.port, self.folder = free_port(), Path(folder)
        self.received = self.folder / "received"
        self.received.mkdir(parents=True)
        self.taken = 0
        options = ["--fork"] if fork else []
        self.daemon = Daemon("storescp", ["storescp", *options, "-od", self.received, self.port],
                             self.folder / "storescp.log", self.port)

    def take(self):
        """How many objects came since the last call. They stay: ext4 searches long for inodes that were not in
        use a minute ago, and the next round would be measured beside that."""
        before, self.taken = self.taken, sum(1 for _ in self.received.iterdir())
        return self.taken - before

    def stop(self):
        self.daemon.stop()


def send(images, port, archive, associations=1):
    """Seconds until `associations` scanners have each sent all images, each under new SOP Instance UIDs.

    Raises unless everything arrived at `archive`.
    """
    command = ["storescu", "+II", "-aet", "SCANNER", "-aec", archive.title, "127.0.0.1", port, *images]
    began = time.monotonic()
    with ThreadPoolExecutor(associations) as scanners:
        done = list(scanners.map(lambda _: run(command), range(associations)))
    seconds = time.monotonic() - began
    arrived = archive.take()
    if any(one.status != 0 for one in done) or arrived != associations * len(images):
        raise RuntimeError(f"{arrived} of {associations * len(images)} objects arrived\n{done[0]}")
    return seconds


def cpu_seconds(daemon):
    """Of user and kernel, since the process began."""
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def require_sealed(gateway, count):
    """Nothing was measured that passed in the clear."""
    lines = gateway.http("/metrics")[1].splitlines()
    sealed = sum(float(line.split()[-1]) for line in lines if line.startswith("portcullis_sealed_objects_total"))
    if sealed != count:
        raise RuntimeError(f"{sealed} of {count} objects were sealed")


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
