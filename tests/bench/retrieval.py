"""Retrieval through the gateway, opened and verified, beside HAProxy, which copies the sealed objects as they are."""

import shutil
import time

from archives import Dcmqrscp
from floor import Sealing
from gateway import Gateway, peer
from haproxy import Haproxy
from measure import PlainStorescp, cpu_seconds, head, in_memory, require_opened, require_sealed, send_all, summary
from processes import run
from samples import fabricated
from tools import Query

CT = 512 * 512 * 2  # bytes
AIM = 1.15
DIRECT, COPIED, OPENED = "DIRECT", "COPIED", "WS1"  # AE titles under which the destination is called


class Bench:
    """dcmqrscp, filled through the gateway; and storescp, which it reaches straight, through HAProxy, and through the
    gateway."""

    def __init__(self, folder, memory):
        self.started = []
        try:
            self.start(folder, memory)
        except BaseException:
            self.stop()
            raise

    def start(self, folder, memory):
        self.gateway = Gateway(folder / "gateway")
        self.viewer = self.keep(PlainStorescp(memory / "viewer", fork=True))
        outward = self.keep(Haproxy(folder / "outward", self.viewer.port))
        self.archive = self.keep(Dcmqrscp(memory / "archive", {self.gateway.title: self.gateway.egress_port,
                                                               DIRECT: self.viewer.port, COPIED: outward.port}))
        inward = self.keep(Haproxy(folder / "inward", self.archive.port))
        self.gateway.configure([("main", self.archive.title, self.archive.port)],
                               [peer("reading-room", OPENED, self.viewer.port)], ["reading-room"])
        self.keep(self.gateway.init_keys().start())
        self.ways = {"direct": (DIRECT, self.archive.port, []),
                     "HAProxy": (COPIED, inward.port, [inward.daemon, outward.daemon]),
                     "gateway": (OPENED, self.gateway.scanner_port, [self.gateway.daemon])}

    def keep(self, server):
        self.started.append(server)
        return server

    def stop(self):
        for server in reversed(self.started):
            server.stop()


def require(done, arrived, expected):
    if done.status != 0 or arrived != expected:
        raise RuntimeError(f"{arrived} of {expected} objects arrived\n{done}")


def moved(bench, way, query, count, _):
    title, port, _ = bench.ways[way]
    began = time.monotonic()
    done = run(["movescu", "-S", "-aet", OPENED, "-aec", bench.archive.title, "-aem", title, *query.keys(), "127.0.0.1",
                port])
    seconds = time.monotonic() - began
    require(done, bench.viewer.take(), count)
    bench.viewer.empty()
    return seconds


def got(bench, way, query, count, memory):
    _, port, _ = bench.ways[way]
    into = memory / "got"
    into.mkdir()
    began = time.monotonic()
    done = run(["getscu", "-S", "-aet", OPENED, "-aec", bench.archive.title, "+B", "-od", into, *query.keys(),
                "127.0.0.1", port])
    seconds = time.monotonic() - began
    require(done, sum(1 for _ in into.iterdir()), count)
    shutil.rmtree(into)
    return seconds


def measure(folder, chosen):
    rounds = chosen.rounds or 5
    found = {"images": chosen.images, "rounds": rounds}
    with in_memory() as memory:
        images = fabricated(memory / "images", chosen.images)
        query = Query.study_of(images[0])
        head(f"{len(images)} CTs retrieved from dcmqrscp, DCMTK with TCP_NODELAY=1, {rounds} rounds, seconds")
        bench = Bench(folder, memory)
        try:
            send_all(images, bench.gateway.scanner_port, bench.archive.title)
            require_sealed(bench.gateway, len(images))
            opening = Sealing("rabbit-siv").seconds(len(images), CT)
            for name, retrieve in (("C-MOVE", moved), ("C-GET", got)):
                found[name] = compare(bench, retrieve, query, len(images), memory, rounds, opening)
                tell_all(name, found[name])
            require_opened(bench.gateway, 2 * rounds * len(images))
        finally:
            bench.stop()
    return found


def compare(bench, retrieve, query, count, memory, rounds, opening):
    times, cpu = {way: [] for way in bench.ways}, {way: [] for way in bench.ways}
    for number in range(rounds):
        for way in list(bench.ways)[::1 if number % 2 else -1]:
            daemons = bench.ways[way][2]
            before = sum(map(cpu_seconds, daemons))
            times[way].append(retrieve(bench, way, query, count, memory))
            cpu[way].append(sum(map(cpu_seconds, daemons)) - before)
    floors = [copied + opening for copied in times["HAProxy"]]
    found = {way: {"seconds": summary(times[way]), "cpu": summary(cpu[way])} for way in bench.ways}
    found["floor"] = summary(floors)
    for key, of in (("to_haproxy", times["HAProxy"]), ("to_floor", floors)):
        found[key] = summary([a / b for a, b in zip(times["gateway"], of)])
    found["peak_kib"] = bench.gateway.resident_kib()
    return found


def tell_all(name, found):
    times = "   ".join(f"{way} {found[way]['seconds']['median']:.3f}" for way in ("direct", "HAProxy", "gateway"))
    print(f"  {name:<8}{times}   floor {found['floor']['median']:.3f}   processor time of the gateway "
          f"{found['gateway']['cpu']['median']:.3f}\n          to HAProxy {found['to_haproxy']['median']:.2f}   "
          f"to its floor {found['to_floor']['median']:.2f} (wanted: at most {AIM})")
