"""What audit and policy cost on ingest, beyond the one durable write that an image needs anyway."""

from functools import partial

from gateway import PROGRAM, RULES
from instructions import COUNTED, counts_per_image, make_gateway
from measure import PlainStorescp, cpu_seconds, head, require_sealed, send, summary, tell
from processes import build_folder
from samples import fabricated

PROGRAMS = {"without": build_folder() / "tests" / "bench" / "portcullis_without_audit", "with": PROGRAM}
AIM = 1.05
ELSEWHERE = 200  # rules that are looked at and do not match, before the one that does


def policy():
    """Of a hospital with many rules, each of which has to look at what the object says."""
    refusals = [{"name": f"not from {number}", "operation": "store", "modality": "XA", "institution": f"Clinic {number}*",
                 "network": "127.0.0.0/8", "hours": "00:00-23:59", "decide": "refuse"} for number in range(ELSEWHERE)]
    budgets = [{"name": "daily", "window": "1d", "objects": 1_000_000}]
    return {"rules": [*refusals, *RULES], "default": "refuse", "budgets": budgets}


def timed(images, gateway, archive):
    """(seconds, seconds of processor time), of each image."""
    before = cpu_seconds(gateway.daemon)
    seconds = send(images, gateway.scanner_port, archive)
    return seconds / len(images), (cpu_seconds(gateway.daemon) - before) / len(images)


def measure_time(gateways, images, archive, rounds):
    """Rounds are short, and each begins with the other: what else the machine does hits both alike."""
    for way, gateway in gateways.items():
        gateway.start(PROGRAMS[way])
        timed(images, gateway, archive)  # what only the first round does
    measured = []
    for number in range(rounds):
        order = list(gateways)[::1 if number % 2 else -1]
        measured.append({way: timed(images, gateways[way], archive) for way in order})
    for gateway in gateways.values():
        require_sealed(gateway, (1 + rounds) * len(images))
        gateway.stop()
    return measured


def measure(folder, chosen):
    rounds = chosen.rounds or 60
    images = fabricated(folder / "images", max(COUNTED, chosen.images // 4))
    head(f"{len(images)} CTs in one association, {ELSEWHERE} rules that do not match, {rounds} rounds, milliseconds per "
         "image")
    archive = PlainStorescp(folder / "archive", fork=True)
    make = {"without": partial(make_gateway, folder, archive),
            "with": partial(make_gateway, folder, archive, policy=policy())}
    gateways = {}
    try:
        instructions = {way: counts_per_image(make[way], images[:COUNTED], archive, PROGRAMS[way])[0].instructions
                        for way in make}
        gateways = {way: one() for way, one in make.items()}
        measured = measure_time(gateways, images, archive, rounds)
    finally:
        for server in (*gateways.values(), archive):
            server.stop()
    found = {"images": len(images), "rounds": rounds, "instructions": instructions}
    for i, what in enumerate(("seconds", "cpu")):
        for way in gateways:
            found[f"{way}_{what}"] = summary([1000 * one[way][i] for one in measured])
        found[f"ratio_{what}"] = summary([one["with"][i] / one["without"][i] for one in measured])
    tell("without audit, one rule", found["without_seconds"])
    tell("with audit and policy", found["with_seconds"])
    tell(f"with / without (wanted: at most {AIM})", found["ratio_seconds"])
    tell("processor time without", found["without_cpu"])
    tell("processor time with", found["with_cpu"])
    for way, number in instructions.items():
        print(f"  {f'instructions per image {way}':<46}{number:12,.0f}")
    print(f"  {'with / without':<46}{instructions['with'] / instructions['without']:8.3f}")
    return found
