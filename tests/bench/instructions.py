"""Instructions that the gateway executes for an image, counted by callgrind: they do not depend on what else the
machine does, so that a later change can be compared exactly."""

import re
import tempfile
from functools import partial

from flame import flame_graph
from gateway import PROGRAM
from measure import PlainStorescp, head, in_memory, sealing_gateway, send
from samples import fabricated

FEW = 10      # images of the run that is subtracted: what a start, an end and an association take
COUNTED = 60  # those that are counted, and these


def told_by(gateway):
    return gateway.folder / "callgrind"


def counted(gateway, images, archive, program):
    """Instructions of one process that takes these images and ends."""
    gateway.start("valgrind", "--tool=callgrind", f"--callgrind-out-file={told_by(gateway)}", program)
    try:
        send(images, gateway.scanner_port, archive)
    finally:
        gateway.stop()
    return int(re.search(r"^(?:summary|totals): (\d+)", told_by(gateway).read_text(), re.MULTILINE).group(1))


def instructions_per_image(make, images, archive, program=PROGRAM):
    """And what callgrind told of the run with all of them. `make` a new gateway."""
    many, few = make(), make()
    more = counted(many, images, archive, program) - counted(few, images[:FEW], archive, program)
    return more / (len(images) - FEW), told_by(many)


def make_gateway(folder, archive, **sections):
    return sealing_gateway(tempfile.mkdtemp(dir=folder), archive, **sections)


def measure(folder, chosen):
    head("Instructions per sealed image, durability strict, without those of the kernel")
    found = {}
    with in_memory() as memory:
        archive = PlainStorescp(memory / "archive", fork=True)
        try:
            for rows in (512, 64):
                images = fabricated(memory / f"images{rows}", COUNTED, rows, rows)
                what = f"{rows}x{rows}, 16 bits"
                found[what], told = instructions_per_image(partial(make_gateway, folder, archive), images, archive)
                print(f"  {what:<46}{found[what]:12,.0f}")
                if chosen.flames:
                    chosen.flames.mkdir(parents=True, exist_ok=True)
                    title = f"Instructions of the thread that serves, for a CT of {what}: {found[what]:,.0f} in all"
                    (chosen.flames / f"flame-{rows}.svg").write_text(flame_graph(told, title))
        finally:
            archive.stop()
    return found
