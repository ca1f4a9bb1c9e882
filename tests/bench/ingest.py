"""Ingest through the gateway beside HAProxy, and beside its floor: copying, sealing on one core, and one durable write
for each image, which associations share. The parts of the floor are added up; where the gateway does them at the same
time it can be below."""

import shutil
from collections import namedtuple

from floor import Sealing, syncing
from gateway import PROGRAM
from haproxy import Haproxy
from measure import (PlainStorescp, cpu_seconds, head, in_memory, memory_limit_kib, mib, require_sealed,
                     sealing_gateway, send, summary)
from pki import Authority
from processes import build_folder, run
from samples import fabricated

# `options`: of storescu and storescp. `secured`: TLS on both legs.
Options = namedtuple("Options", "scanner archive", defaults=[[], []])
Workload = namedtuple("Workload", "count associations bytes aim rounds make options secured",
                      defaults=[Options(), False])
Way = namedtuple("Way", "port daemon")

WITHOUT_RECORDS = build_folder() / "tests" / "bench" / "portcullis_without_records"
CT, MR = 512 * 512 * 2, 64 * 64 * 2  # bytes
# name -> (codec, durability, program)
SETTINGS = {
    "rabbit-siv, strict": ("rabbit-siv", "strict", PROGRAM),
    "rabbit-siv, batch": ("rabbit-siv", "batch", PROGRAM),
    "none, strict": ("none", "strict", PROGRAM),
    "none, batch": ("none", "batch", PROGRAM),
    "rabbit-siv, without registry and audit": ("rabbit-siv", "batch", WITHOUT_RECORDS),
}


def compressed(folder, count):
    """CTs in JPEG 2000; few, each sent several times."""
    originals = fabricated(folder / "originals", min(count, 20))
    images = [folder / one.name for one in originals]
    for original, image in zip(originals, images):
        done = run(["gdcmconv", "--j2k", original, image])
        if done.status != 0:
            raise RuntimeError(str(done))
    return [images[i % len(images)] for i in range(count)]


def workloads(chosen):
    frames = max(1, round(chosen.gib * 2 ** 30 / CT))
    cts = f"{chosen.images} CTs"
    make_cts = lambda folder, count: fabricated(folder, count)
    return {
        cts: Workload(chosen.images, 1, CT, 1.15, 5, make_cts),
        f"4 x {cts}": Workload(chosen.images, 4, CT, 1.15, 3, make_cts),
        f"one object of {frames} frames": Workload(1, 1, frames * CT, 1.15, 3,
                                                   lambda folder, _: fabricated(folder, 1, frames=frames)),
        f"{chosen.small} MRs of 64x64": Workload(chosen.small, 1, MR, 1.5, 3,
                                                 lambda folder, count: fabricated(folder, count, 64, 64)),
        f"{cts} in JPEG 2000": Workload(chosen.images, 1, None, 1.15, 3, compressed, Options(["-xv"], ["+xa"])),
        f"{cts} over TLS": Workload(chosen.images, 1, CT, 1.15, 3, make_cts, secured=True),
    }


class Secured:
    """Certificates of all of them, and how each says that it has one."""

    def __init__(self, folder):
        authority = Authority(folder, "authority")
        self.gate, self.node = (authority.issue(name, "IP:127.0.0.1") for name in ("gateway", "node"))
        both = folder / "both.pem"
        both.write_bytes(self.gate.certificate.read_bytes() + self.gate.key.read_bytes())
        self.of_haproxy = f"ssl crt {both} ca-file {authority.certificate} verify required"

    def of_gateway(self):
        return {"tls": self.gate.configuration()}


class Bench:
    """An archive, HAProxy before it, and a gateway for each of the settings."""

    def __init__(self, folder, memory, work):
        secured = Secured(folder / "pki") if work.secured else None
        own = secured.node.of_dcmtk() if secured else []
        self.scanner_options = [*work.options.scanner, *own]
        self.archive = PlainStorescp(memory / folder.name, fork=True, options=[*work.options.archive, *own])
        self.haproxy, self.gateways = None, {}
        try:
            words = {"receives": secured.of_haproxy, "sends": secured.of_haproxy} if secured else {}
            self.haproxy = Haproxy(folder / "haproxy", self.archive.port, **words)
            for number, name in enumerate(SETTINGS):
                self.gateways[name] = self.start_gateway(folder / f"gateway{number}", *SETTINGS[name],
                                                         secured.of_gateway() if secured else {})
        except BaseException:
            self.stop()
            raise

    def start_gateway(self, folder, codec, durability, program, tls):
        return sealing_gateway(folder, self.archive, durability, tls, seal={"codec": codec}).start(program)

    def ways(self):
        return {"direct": Way(self.archive.port, None), "HAProxy": Way(self.haproxy.port, self.haproxy.daemon),
                **{name: Way(one.scanner_port, one.daemon) for name, one in self.gateways.items()}}

    def stop(self):
        for one in (*self.gateways.values(), self.haproxy, self.archive):
            if one:
                one.stop()


def timed(images, way, bench, work):
    """(seconds, seconds of processor time in what stands between)"""
    before = cpu_seconds(way.daemon) if way.daemon else 0
    seconds = send(images, way.port, bench.archive, work.associations, bench.scanner_options)
    bench.archive.empty()
    return seconds, cpu_seconds(way.daemon) - before if way.daemon else 0


def compare(folder, bench, work, images, rounds):
    """Of each way the seconds of all rounds; and the floors, made of what was measured in the same round."""
    size = work.bytes or sum(one.stat().st_size for one in images) / len(images)
    sealing = {codec: Sealing(codec).seconds(len(images) * work.associations, size) for codec in ("none", "rabbit-siv")}
    ways = bench.ways()
    times, cpu, synced = {name: [] for name in ways}, {name: [] for name in ways}, []
    for number in range(rounds):
        synced.append(syncing(folder, len(images)))
        names = list(ways)
        for name in names[number % len(names):] + names[:number % len(names)]:
            seconds, processor = timed(images, ways[name], bench, work)
            times[name].append(seconds)
            cpu[name].append(processor)
    floors = {name: [copied + sealing[codec] + (wait if durability == "strict" else 0)
                     for copied, wait in zip(times["HAProxy"], synced)]
              for name, (codec, durability, _) in SETTINGS.items()}
    return {name: {"seconds": summary(times[name]), "cpu": summary(cpu[name]),
                   "to_haproxy": summary([a / b for a, b in zip(times[name], times["HAProxy"])]),
                   **({"floor": summary(floors[name]),
                       "to_floor": summary([a / b for a, b in zip(times[name], floors[name])])}
                      if name in floors else {})}
            for name in ways}


def tell_all(found, work):
    print(f"  {'':<42}{'seconds':>9}{'to HAProxy':>12}{'floor':>9}{'to floor':>10}{'processor':>11}")
    for name, of in found.items():
        floor = f"{of['floor']['median']:9.3f}{of['to_floor']['median']:10.2f}" if "floor" in of else " " * 19
        print(f"  {name:<42}{of['seconds']['median']:9.3f}{of['to_haproxy']['median']:12.2f}{floor}"
              f"{of['cpu']['median']:11.3f}")
    peak, limit = max(of.get("peak_kib", 0) for of in found.values()), memory_limit_kib(work.associations)
    print(f"  to its floor: wanted at most {work.aim}; peak memory {mib(peak)}, "
          f"{'within' if peak <= limit else 'ABOVE'} the limit of {mib(limit)}")


def measure(folder, chosen):
    found = {}
    with in_memory() as memory:
        for name, work in workloads(chosen).items():
            rounds = chosen.rounds or work.rounds
            images = work.make(memory / f"images{len(found)}", work.count)
            head(f"{name}, DCMTK with TCP_NODELAY=1, {rounds} rounds")
            bench = Bench(folder / f"bench{len(found)}", memory, work)
            try:
                found[name] = {"aim": work.aim, "rounds": rounds, "associations": work.associations,
                               "ways": compare(folder, bench, work, images, rounds)}
                for setting, gateway in bench.gateways.items():
                    require_sealed(gateway, rounds * work.associations * len(images))
                    found[name]["ways"][setting]["peak_kib"] = gateway.resident_kib()
            finally:
                bench.stop()
            shutil.rmtree(memory / f"images{len(found) - 1}")
            tell_all(found[name]["ways"], work)
    return found
