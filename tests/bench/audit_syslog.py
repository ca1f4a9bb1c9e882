"""What storing costs while audit messages go to rsyslog, while rsyslog is stopped, and while it catches up."""

from measure import PlainStorescp, head, in_memory, require_sealed, sealing_gateway, send, summary, tell
from processes import wait_until
from rsyslog import Rsyslog
from samples import fabricated

WAYS = {"without": "without syslog", "up": "rsyslog takes them", "stopped": "rsyslog is stopped",
        "back": "rsyslog is back, and catches up", "again": "without syslog once more: the machine's noise"}
COMPARED = ("up", "stopped", "back", "again")


def start_gateway(folder, archive, syslog=None):
    audit = {"log": str(folder / "audit"), **({"syslog": syslog} if syslog else {})}
    return sealing_gateway(folder, archive, audit=audit).start()


def nothing_waits(gateway):
    return any(line.startswith("portcullis_audit_syslog_queue_records") and line.endswith(" 0")
               for line in gateway.http("/metrics")[1].splitlines())


def timed(images, gateway, archive):
    seconds = send(images, gateway.scanner_port, archive) / len(images)
    archive.empty()
    return seconds


def one_round(images, archive, without, sending, rsyslog):
    """Seconds per image of each way, one after the other."""
    measured = {}
    for way, gateway, prepare in (("without", without, lambda: None), ("up", sending, lambda: None),
                                  ("stopped", sending, rsyslog.stop), ("back", sending, rsyslog.start)):
        prepare()
        measured[way] = timed(images, gateway, archive)
    wait_until(lambda: nothing_waits(sending), "all messages to have arrived", 120)
    return {**measured, "again": timed(images, without, archive)}


def require_arrived(rsyslog, gateway, count):
    """Every transferred object has its message there, however often."""
    lines = set(rsyslog.lines())
    transferred = sum(b'csd-code="110104"' in line for line in lines)
    if transferred != count:
        raise RuntimeError(f"{transferred} of {count} messages about stored objects arrived")
    return len(lines)


def measure(folder, chosen):
    rounds = chosen.rounds or 9
    head(f"{chosen.images} CTs in one association, audit messages by TCP, {rounds} rounds, milliseconds per image")
    with in_memory() as memory:
        measured, messages = measure_all(folder, memory, chosen.images, rounds)
    found = {"images": chosen.images, "rounds": rounds, "messages": messages}
    for way, label in WAYS.items():
        found[way] = {"milliseconds": summary([1000 * one[way] for one in measured])}
        tell(label, found[way]["milliseconds"])
    for way in COMPARED:
        found[way]["ratio"] = summary([one[way] / one["without"] for one in measured])
        tell(f"{WAYS[way].partition(':')[0]} / without", found[way]["ratio"])
    print(f"    {messages} messages, all arrived (ratio wanted: at most 1.2)")
    return found


def measure_all(folder, memory, count, rounds):
    images = fabricated(memory / "images", count)
    archive = PlainStorescp(memory / "archive", fork=True)
    rsyslog = Rsyslog(folder / "rsyslog", "tcp").start()
    gateways = []
    try:
        gateways += [start_gateway(folder / "without", archive)]
        gateways += [start_gateway(folder / "sending", archive, rsyslog.as_configured())]
        measured = [one_round(images, archive, *gateways, rsyslog) for _ in range(rounds)]
        require_sealed(gateways[1], 3 * rounds * count)
        return measured, require_arrived(rsyslog, gateways[1], 3 * rounds * count)
    finally:
        for server in (*gateways, rsyslog, archive):
            server.stop()
