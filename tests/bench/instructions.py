"""Instructions that the gateway executes for an image, and allocations, counted by callgrind: they hardly depend on
what else the machine does, so that a later change can be compared closely (of a CT to 1 %: how many reads it takes
differs). It is held to one processor: with more it would look for events as often as there is time for."""

import os
import re
import tempfile
from collections import namedtuple
from functools import partial

from flame import Counted, flame_graph
from gateway import PROGRAM
from measure import PlainStorescp, head, in_memory, sealing_gateway, send
from samples import fabricated

FEW = 10      # images of the run that is subtracted: what a start, an end and an association take
COUNTED = 60  # those that are counted, and these
ALLOCATING = re.compile(r"(malloc|calloc|realloc|memalign|posix_memalign|aligned_alloc)('\d+)?$")  # new calls malloc

Counts = namedtuple("Counts", "instructions allocations")


def told_by(gateway):
    return gateway.folder / "callgrind"


def counted(gateway, images, archive, program):
    """Of one process that takes these images and ends."""
    processor = str(min(os.sched_getaffinity(0)))
    gateway.start("taskset", "-c", processor, "valgrind", "--tool=callgrind",
                  f"--callgrind-out-file={told_by(gateway)}", program)
    try:
        send(images, gateway.scanner_port, archive)
    finally:
        gateway.stop()
    instructions = re.search(r"^(?:summary|totals): (\d+)", told_by(gateway).read_text(), re.MULTILINE).group(1)
    times = Counted(told_by(gateway)).times
    return Counts(int(instructions), sum(number for name, number in times.items() if ALLOCATING.match(name)))


def counts_per_image(make, images, archive, program=PROGRAM):
    """And what callgrind told of the run with all of them. `make` a new gateway."""
    many, few = make(), make()
    more, less = counted(many, images, archive, program), counted(few, images[:FEW], archive, program)
    return Counts(*((a - b) / (len(images) - FEW) for a, b in zip(more, less))), told_by(many)


def make_gateway(folder, archive, **sections):
    return sealing_gateway(tempfile.mkdtemp(dir=folder), archive, **sections)


def images_of_two_sizes():
    """Rows, images, and an archive for them."""
    with in_memory() as memory:
        archive = PlainStorescp(memory / "archive", fork=True)
        try:
            for rows in (512, 64):
                yield rows, fabricated(memory / f"images{rows}", COUNTED, rows, rows), archive
        finally:
            archive.stop()


def measure(folder, chosen):
    head("Instructions and allocations per sealed image, durability strict, without those of the kernel")
    found = {}
    for rows, images, archive in images_of_two_sizes():
        what = f"{rows}x{rows}, 16 bits"
        counts, told = counts_per_image(partial(make_gateway, folder, archive), images, archive)
        found[what] = counts._asdict()
        print(f"  {what:<46}{counts.instructions:12,.0f}{counts.allocations:9,.0f}")
        if chosen.flames:
            chosen.flames.mkdir(parents=True, exist_ok=True)
            title = f"Instructions of the thread that serves, for a CT of {what}: {counts.instructions:,.0f} in all"
            (chosen.flames / f"flame-{rows}.svg").write_text(flame_graph(told, title))
    return found
