"""An unmodified scanner and an unmodified archive, without and with the gateway between them."""

from gateway import Gateway, peer
from measure import PlainStorescp, head, no_delay_unset, require_sealed, send, summary, tell
from samples import fabricated

AIM = 20  # times faster


def measure(folder, chosen):
    rounds = chosen.rounds or 3
    images = fabricated(folder / "images", chosen.images)
    head(f"{len(images)} CTs, storescu and storescp as installed (TCP_NODELAY unset), {rounds} rounds, seconds")
    times = {"direct": [], "gateway": []}
    with no_delay_unset():
        archive = PlainStorescp(folder / "archive")
        gateway = Gateway(folder / "gateway")
        try:
            gateway.configure([("main", archive.title, archive.port)], [peer("nobody", "NOBODY")], ["nobody"])
            gateway.init_keys().start()
            for _ in range(rounds):
                times["gateway"].append(send(images, gateway.scanner_port, archive))
                times["direct"].append(send(images, archive.port, archive))
            require_sealed(gateway, rounds * len(images))
        finally:
            gateway.stop()
            archive.stop()
    found = {name: summary(values) for name, values in times.items()}
    found["times_faster"] = summary([a / b for a, b in zip(times["direct"], times["gateway"])])
    tell("scanner -> archive", found["direct"])
    tell("scanner -> gateway, sealing -> archive", found["gateway"])
    tell(f"times faster behind the gateway (aim: {AIM})", found["times_faster"])
    return {"images": len(images), "rounds": rounds, "aim": AIM, **found}
