"""The gateway beside Orthanc as a router: until the last image has arrived at the archive behind it."""

import time

from archives import Orthanc
from measure import PlainStorescp, head, in_memory, require_sealed, sealing_gateway, send, send_all, summary, tell
from processes import wait_until
from samples import fabricated

AIM = 15  # times faster
ROUTE = """function OnStoredInstance(instance)
   Delete(SendToModality(instance, 'host0'))
end
"""


class QuietOrthanc(Orthanc):
    logs = []


class Routing:
    """Orthanc that passes on each object and keeps none."""

    def __init__(self, folder, archive):
        folder.mkdir()
        script = folder / "route.lua"
        script.write_text(ROUTE)
        self.orthanc = QuietOrthanc(folder / "orthanc", {archive.title: archive.port}, "ROUTER",
                                    LuaScripts=[str(script)])

    def send(self, images, archive):
        began = time.monotonic()
        send_all(images, self.orthanc.port, self.orthanc.title)
        arrived = 0
        while arrived < len(images):  # in steps that are short beside what is measured
            arrived += archive.take()
            if time.monotonic() - began > 300:
                raise RuntimeError(f"{arrived} of {len(images)} objects arrived")
            time.sleep(0.01)
        seconds = time.monotonic() - began
        wait_until(lambda: self.orthanc.get("/statistics")["CountInstances"] == 0, "Orthanc to have deleted all")
        return seconds

    def stop(self):
        self.orthanc.stop()


def measure(folder, chosen):
    rounds = chosen.rounds or 3
    found = {"rounds": rounds, "images": chosen.images, "aim": AIM}
    with in_memory() as memory:
        images = fabricated(memory / "images", chosen.images)
        head(f"{len(images)} CTs, all with TCP_NODELAY=1, until the last has arrived, {rounds} rounds, seconds")
        archive = PlainStorescp(memory / "archive", fork=True)
        gateways = {durability: sealing_gateway(folder / durability, archive, durability)
                    for durability in ("strict", "batch")}
        routing = None
        try:
            routing = Routing(memory / "routing", archive)
            for gateway in gateways.values():
                gateway.start()
            times = {"Orthanc": [], **{durability: [] for durability in gateways}}
            for _ in range(rounds):
                times["Orthanc"].append(routing.send(images, archive))
                archive.empty()
                for durability, gateway in gateways.items():
                    times[durability].append(send(images, gateway.scanner_port, archive))
                    archive.empty()
            for gateway in gateways.values():
                require_sealed(gateway, rounds * len(images))
        finally:
            for server in (*gateways.values(), routing, archive):
                if server:
                    server.stop()
    tell("Orthanc, routing", summary(times["Orthanc"]))
    for way, seconds in times.items():
        found[way] = {"seconds": summary(seconds),
                      "times_faster": summary([a / b for a, b in zip(times["Orthanc"], seconds)])}
        if way != "Orthanc":
            tell(f"gateway, sealing, {way}", found[way]["seconds"])
            tell(f"  times faster (aim: {AIM})", found[way]["times_faster"])
    return found
