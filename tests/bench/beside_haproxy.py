"""For information: sealing beside HAProxy, which only copies: the floor for any proxy."""

from gateway import Gateway, peer
from measure import PlainStorescp, cpu_seconds, head, memory_limit_kib, mib, require_sealed, send, summary, tell
from processes import Daemon, free_port
from samples import fabricated

CONFIGURATION = """
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen archive
    bind 127.0.0.1:{entrance}
    server archive 127.0.0.1:{port}
"""


class Haproxy:
    def __init__(self, folder, port):
        folder.mkdir(parents=True)
        self.port = free_port()
        (folder / "haproxy.cfg").write_text(CONFIGURATION.format(entrance=self.port, port=port))
        self.daemon = Daemon("haproxy", ["haproxy", "-db", "-f", folder / "haproxy.cfg"], folder / "haproxy.log",
                             self.port)

    def stop(self):
        self.daemon.stop()


def timed(images, port, archive, associations, daemon=None):
    """(seconds, seconds of processor time in `daemon`)"""
    before = cpu_seconds(daemon) if daemon else 0
    seconds = send(images, port, archive, associations)
    return seconds, cpu_seconds(daemon) - before if daemon else 0


def compare(images, archive, gateway, haproxy, associations, rounds):
    ways = {"direct": (archive.port, None), "haproxy": (haproxy.port, haproxy.daemon),
            "gateway": (gateway.scanner_port, gateway.daemon)}
    measured = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (port, daemon) in ways.items():
            measured[name].append(timed(images, port, archive, associations, daemon))
    found = {name: {"seconds": summary([wall for wall, _ in values])} for name, values in measured.items()}
    for name in ("haproxy", "gateway"):
        found[name]["cpu"] = summary([cpu for _, cpu in measured[name]])
    found["ratio"] = summary([a / b for (a, _), (b, _) in zip(measured["gateway"], measured["haproxy"])])
    return found


def tell_all(found, associations):
    print(f"  {associations} association{'s' if associations > 1 else ''}")
    tell("  direct", found["direct"]["seconds"])
    tell("  HAProxy, plain copying", found["haproxy"]["seconds"])
    tell("  gateway, sealing, durability strict", found["gateway"]["seconds"])
    tell("  gateway / HAProxy", found["ratio"])
    tell("  processor time of HAProxy", found["haproxy"]["cpu"])
    tell("  processor time of the gateway", found["gateway"]["cpu"])


def measure(folder, chosen):
    rounds = chosen.rounds or 5
    images = fabricated(folder / "images", chosen.images)
    head(f"{len(images)} CTs per association, DCMTK with TCP_NODELAY=1, {rounds} rounds, seconds")
    found = {"images": len(images), "rounds": rounds}
    archive = PlainStorescp(folder / "archive", fork=True)
    gateway = Gateway(folder / "gateway")
    haproxy = None
    try:
        haproxy = Haproxy(folder / "haproxy", archive.port)
        gateway.configure([{"name": "main", "ae_title": archive.title, "host": "127.0.0.1", "port": archive.port,
                            "durability": "strict"}], [peer("nobody", "NOBODY")], ["nobody"])
        gateway.init_keys().start()
        for associations in (1, 4):
            key = f"associations_{associations}"
            found[key] = compare(images, archive, gateway, haproxy, associations, rounds)
            found[key]["peak_kib"] = gateway.resident_kib()
            tell_all(found[key], associations)
            limit = memory_limit_kib(associations)
            print(f"    peak memory of the gateway {mib(found[key]['peak_kib'])}, limit {mib(limit)}")
        require_sealed(gateway, (1 + 4) * rounds * len(images))
    finally:
        gateway.stop()
        if haproxy:
            haproxy.stop()
        archive.stop()
    return found
