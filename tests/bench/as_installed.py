"""An unmodified scanner and an unmodified archive, without and with the gateway between them.

What the machine leaves to win is told by the floor: a proxy that only copies, and what sealing and making durable
take besides, one after the other.
"""

from pathlib import Path

from floor import Sealing, syncing
from measure import PlainStorescp, head, no_delay_unset, require_sealed, sealing_gateway, send, summary, tell
from processes import Daemon, free_port
from samples import fabricated

AIM = 40            # times faster
CT = 512 * 512 * 2  # bytes


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


def measure(folder, chosen):
    rounds = chosen.rounds or 3
    images = fabricated(folder / "images", chosen.images)
    head(f"{len(images)} CTs, storescu and storescp as installed (TCP_NODELAY unset), {rounds} rounds, seconds")
    sealing = Sealing("rabbit-siv").seconds(len(images), CT)
    times = {"direct": [], "copying": [], "floor": [], "gateway": []}
    with no_delay_unset():
        archive = PlainStorescp(folder / "archive")
        proxy = CopyingProxy(folder, archive)
        gateway = sealing_gateway(folder / "gateway", archive)
        try:
            gateway.start()
            for _ in range(rounds):
                times["floor"].append(sealing + syncing(folder, len(images)))
                times["gateway"].append(send(images, gateway.scanner_port, archive))
                times["copying"].append(send(images, proxy.port, archive))
                times["floor"][-1] += times["copying"][-1]
                times["direct"].append(send(images, archive.port, archive))
            require_sealed(gateway, rounds * len(images))
        finally:
            gateway.stop()
            proxy.stop()
            archive.stop()
    found = {name: summary(values) for name, values in times.items()}
    found["times_faster"] = times_faster(times, "gateway")
    found["times_faster_copying"] = times_faster(times, "copying")
    found["times_faster_floor"] = times_faster(times, "floor")
    tell("scanner -> archive", found["direct"])
    tell("scanner -> a proxy that only copies -> archive", found["copying"])
    tell("  and sealing, and a sync for each image: floor", found["floor"])
    tell("scanner -> gateway, sealing -> archive", found["gateway"])
    tell("times faster behind the proxy", found["times_faster_copying"])
    tell("times faster at the floor", found["times_faster_floor"])
    tell(f"times faster behind the gateway (aim: {AIM})", found["times_faster"])
    return {"images": len(images), "rounds": rounds, "aim": AIM, **found}
