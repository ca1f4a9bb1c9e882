"""An unmodified scanner and an unmodified archive, without and with the gateway between them.

What the machine leaves to win is told by two others: the same scanner and archive with nothing between them and with
TCP_NODELAY on both sides, which no gateway can beat; and the floor: a proxy that only copies, and what sealing and
making durable take besides, one after the other.
"""

from pathlib import Path

from floor import Sealing, syncing
from measure import PlainStorescp, head, in_memory, no_delay_unset, require_sealed, sealing_gateway, send, summary, tell
from processes import Daemon, free_port
from samples import fabricated

AIM = 40            # times faster
CT = 512 * 512 * 2  # bytes
TOLD = {"undelayed": "with TCP_NODELAY on both, nothing between",
        "copying": "scanner -> a proxy that only copies -> archive",
        "floor": "  and sealing, and a sync for each image: floor",
        "gateway": "scanner -> gateway, sealing -> archive"}


class CopyingProxy:
    """What is left of the wait when something only copies and acknowledges at once: the floor of this machine."""

    def __init__(self, folder, archive):
        self.port = free_port()
        self.daemon = Daemon("copying proxy", ["/usr/bin/python3", Path(__file__).parent / "copying_proxy.py",
                                               self.port, archive.port], folder / "proxy.log", self.port)

    def stop(self):
        self.daemon.stop()


def times_faster(times, name):
    return summary([direct / behind for direct, behind in zip(times["direct"], times[name])])


class Ways:
    """Each is a function that sends the images, and says how long it took."""

    def __init__(self, folder, memory, images):
        self.undelayed = PlainStorescp(memory / "undelayed")
        self.proxy = self.gateway = self.archive = None
        try:
            with no_delay_unset():
                self.archive = PlainStorescp(memory / "archive")
                self.proxy = CopyingProxy(folder, self.archive)
                self.gateway = sealing_gateway(folder / "gateway", self.archive).start()
        except BaseException:
            self.stop()
            raise
        self.all = {"undelayed": lambda: send(images, self.undelayed.port, self.undelayed),
                    "gateway": lambda: self.as_installed(images, self.gateway.scanner_port),
                    "copying": lambda: self.as_installed(images, self.proxy.port),
                    "direct": lambda: self.as_installed(images, self.archive.port)}

    def as_installed(self, images, port):
        with no_delay_unset():
            return send(images, port, self.archive)

    def empty(self):
        self.undelayed.empty()
        self.archive.empty()

    def stop(self):
        for one in (self.gateway, self.proxy, self.archive, self.undelayed):
            if one:
                one.stop()


def compare(folder, images, rounds):
    """Of each way, and of the floor, the seconds of all rounds."""
    sealing = Sealing("rabbit-siv").seconds(len(images), CT)
    with in_memory() as memory:
        ways = Ways(folder, memory, images)
        try:
            times = {name: [] for name in (*ways.all, "floor")}
            for _ in range(rounds):
                synced = syncing(folder, len(images))
                for name, way in ways.all.items():
                    times[name].append(way())
                    ways.empty()
                times["floor"].append(times["copying"][-1] + sealing + synced)
            require_sealed(ways.gateway, rounds * len(images))
        finally:
            ways.stop()
    return times


def measure(folder, chosen):
    rounds = chosen.rounds or 3
    images = fabricated(folder / "images", chosen.images)
    head(f"{len(images)} CTs, storescu and storescp as installed (TCP_NODELAY unset), {rounds} rounds, seconds")
    times = compare(folder, images, rounds)
    found = {"images": len(images), "rounds": rounds, "aim": AIM,
             **{name: summary(values) for name, values in times.items()},
             "times_faster": {name: times_faster(times, name) for name in TOLD}}
    tell("scanner -> archive", found["direct"])
    for name, what in TOLD.items():
        tell(what, found[name])
        tell("  times faster", found["times_faster"][name])
    print(f"  behind the gateway, wanted at least {AIM}")
    return found
