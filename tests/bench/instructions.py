"""Instructions that the gateway executes for an image, counted by callgrind: they do not depend on what else the
machine does, so that a later change can be compared exactly."""

import re
import tempfile
from functools import partial

from gateway import PROGRAM, Gateway, peer
from measure import PlainStorescp, head, in_memory, send
from samples import fabricated

FEW = 10      # images of the run that is subtracted: what a start, an end and an association take
COUNTED = 60  # those that are counted, and these


def counted(gateway, images, archive, program):
    """Instructions of one process that takes these images and ends."""
    told = gateway.folder / "callgrind"
    gateway.start("valgrind", "--tool=callgrind", f"--callgrind-out-file={told}", program)
    try:
        send(images, gateway.scanner_port, archive)
    finally:
        gateway.stop()
    return int(re.search(r"^(?:summary|totals): (\d+)", told.read_text(), re.MULTILINE).group(1))


def instructions_per_image(make, images, archive, program=PROGRAM):
    """`make` a new gateway."""
    more, few = (counted(make(), some, archive, program) for some in (images, images[:FEW]))
    return (more - few) / (len(images) - FEW)


def make_gateway(folder, archive, **sections):
    gateway = Gateway(tempfile.mkdtemp(dir=folder))
    gateway.configure([("main", archive.title, archive.port)], [peer("nobody", "NOBODY")], ["nobody"], **sections)
    return gateway.init_keys()


def measure(folder, chosen):
    head("Instructions per sealed image, durability strict, without those of the kernel")
    found = {}
    with in_memory() as memory:
        archive = PlainStorescp(memory / "archive", fork=True)
        try:
            for rows in (512, 64):
                images = fabricated(memory / f"images{rows}", COUNTED, rows, rows)
                found[rows] = instructions_per_image(partial(make_gateway, folder, archive), images, archive)
                print(f"  {f'{rows}x{rows}, 16 bits':<46}{found[rows]:12,.0f}")
        finally:
            archive.stop()
    return found
