"""What audit and policy cost on ingest, beyond the one durable write that an image needs anyway."""

from gateway import RULES, Gateway, peer
from measure import PlainStorescp, cpu_seconds, head, require_sealed, send, summary, tell
from processes import build_folder
from samples import fabricated

WITHOUT = build_folder() / "tests" / "bench" / "portcullis_without_audit"
AIM = 1.05
ELSEWHERE = 200  # rules that are looked at and do not match, before the one that does


def policy():
    """Of a hospital with many rules, each of which has to look at what the object says."""
    refusals = [{"name": f"not from {number}", "operation": "store", "modality": "XA", "institution": f"Clinic {number}*",
                 "network": "127.0.0.0/8", "hours": "00:00-23:59", "decide": "refuse"} for number in range(ELSEWHERE)]
    budgets = [{"name": "daily", "window": "1d", "objects": 1_000_000}]
    return {"rules": [*refusals, *RULES], "default": "refuse", "budgets": budgets}


def start_gateway(folder, archive, program=None, **sections):
    gateway = Gateway(folder)
    gateway.configure([("main", archive.title, archive.port)], [peer("nobody", "NOBODY")], ["nobody"], **sections)
    gateway.init_keys()
    return gateway.start(*([program] if program else []))


def timed(images, gateway, archive):
    """(seconds, seconds of processor time), of each image."""
    before = cpu_seconds(gateway.daemon)
    seconds = send(images, gateway.scanner_port, archive)
    return seconds / len(images), (cpu_seconds(gateway.daemon) - before) / len(images)


def measure(folder, chosen):
    rounds = chosen.rounds or 7
    images = fabricated(folder / "images", chosen.images)
    head(f"{len(images)} CTs in one association, {ELSEWHERE} rules that do not match, {rounds} rounds, milliseconds per "
         "image")
    archive = PlainStorescp(folder / "archive", fork=True)
    gateways = {}
    try:
        gateways["without"] = start_gateway(folder / "without", archive, WITHOUT)
        gateways["with"] = start_gateway(folder / "with", archive, policy=policy())
        for gateway in gateways.values():  # which the first round would else do
            timed(images, gateway, archive)
        measured = [{way: timed(images, gateway, archive) for way, gateway in gateways.items()}
                    for _ in range(rounds)]
        for gateway in gateways.values():
            require_sealed(gateway, (1 + rounds) * len(images))
    finally:
        for server in (*gateways.values(), archive):
            server.stop()
    found = {"images": len(images), "rounds": rounds}
    for i, what in enumerate(("seconds", "cpu")):
        for way in gateways:
            found[f"{way}_{what}"] = summary([1000 * one[way][i] for one in measured])
        found[f"ratio_{what}"] = summary([one["with"][i] / one["without"][i] for one in measured])
    tell("without audit, one rule", found["without_seconds"])
    tell("with audit and policy", found["with_seconds"])
    tell(f"with / without (wanted: at most {AIM})", found["ratio_seconds"])
    tell("processor time without", found["without_cpu"])
    tell("processor time with", found["with_cpu"])
    return found
