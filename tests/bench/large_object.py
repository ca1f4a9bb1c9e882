"""One large multi-frame object, stored, moved and got: the gateway's peak memory, and the same bytes.

dcmqrscp takes no more than 1 GiB per study into its index, whatever its configuration says, but sends whatever
file the index names: so storescp receives the object, its header is indexed, and dcmqrscp serves it.
"""

import shutil
import time

from archives import Dcmqrscp, Storescp
from gateway import Gateway, peer
from harness import ARCHIVE_CHANGES
from measure import head, memory_limit_kib, mib
from processes import run, run_judge
from samples import fabricated
from tools import Peer, Query, objects_in

FRAME = 512 * 512 * 2  # bytes


class Stack:
    """The viewer stays; the gateway is a new process for each step, so that its peak is that step's."""

    def __init__(self, folder):
        self.folder = folder
        self.gateway = Gateway(folder / "gateway")
        self.archive = Storescp(folder / "archive", "PACS")
        self.viewer = Storescp(folder / "viewer", "WS1")
        self.gateway.configure([("main", self.archive.title, self.archive.port)],
                               [peer("reading-room", "WS1", self.viewer.port)], ["reading-room"])
        self.gateway.init_keys()

    def let_the_archive_serve(self):
        stored, = self.archive.received().values()
        port = self.archive.port
        self.archive.stop()
        self.archive = Dcmqrscp(self.folder / "archive", {self.gateway.title: self.gateway.egress_port}, port=port)
        served = stored.rename(self.archive.storage / stored.name)
        require(run(["dcmodify", "-ea", "(7fe0,0010)", served]))
        require(run(["dcmqridx", self.archive.storage, served]))
        served.with_name(served.name + ".bak").rename(served)

    def step(self, associations, work):
        """The step's figures; `work` returns the answers that DCMTK printed."""
        self.gateway.start()
        began = time.monotonic()
        answers = work()
        seconds = time.monotonic() - began
        peak = self.gateway.resident_kib()
        self.gateway.stop()
        if answers.finished.status != 0 or answers.final_status() != 0:
            raise RuntimeError(str(answers))
        return {"seconds": seconds, "peak_kib": peak, "limit_kib": memory_limit_kib(associations),
                "associations": associations}

    def stop(self):
        for one in (self.gateway, self.archive, self.viewer):
            one.stop()


def require(done):
    if done.status != 0:
        raise RuntimeError(str(done))


def require_same(original, received, folder):
    """But for what the archive itself changes."""
    ignored = folder / "ignored-differences"
    ignored.write_text("".join(name + "\n" for name in sorted(ARCHIVE_CHANGES)))
    copy, = received.values()
    require(run_judge("dicom_compare", original, copy, "--ignore", ignored))
    copy.unlink()


def tell(name, step):
    verdict = "within" if step["peak_kib"] <= step["limit_kib"] else "ABOVE"
    print(f"  {name:<8}{step['seconds']:7.1f} s   peak {mib(step['peak_kib']):>10}   {verdict} the limit of "
          f"{mib(step['limit_kib'])} ({step['associations']} active)")


def measure(folder, chosen):
    frames = max(1, round(chosen.gib * 2 ** 30 / FRAME))
    needed = 6 * frames * FRAME
    if shutil.disk_usage(folder).free < needed:
        raise RuntimeError(f"{folder} has less than {needed / 2 ** 30:.1f} GiB free")
    head(f"One object of {frames * FRAME / 2 ** 30:.2f} GiB, {frames} frames")
    image, = fabricated(folder / "images", 1, frames=frames)
    stack = Stack(folder)
    try:
        scanner = Peer("SCANNER", stack.gateway.scanner_port, stack.archive.title)
        viewer = Peer("WS1", stack.gateway.scanner_port, stack.archive.title)
        steps = {"store": stack.step(1, lambda: scanner.store([image])[0])}
        tell("store", steps["store"])
        stack.let_the_archive_serve()
        # The viewer's own association, and the archive's.
        steps["move"] = stack.step(2, lambda: viewer.move(Query.study_of(image), "WS1"))
        tell("C-MOVE", steps["move"])
        require_same(image, stack.viewer.received(), folder)
        steps["get"] = stack.step(1, lambda: viewer.get(Query.study_of(image), folder / "got"))
        tell("C-GET", steps["get"])
        require_same(image, objects_in(folder / "got"), folder)
    finally:
        stack.stop()
    print("  moved and got: every element equal, pixels bit for bit")
    return {"frames": frames, "bytes": frames * FRAME, **steps}
