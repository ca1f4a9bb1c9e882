"""System calls of the gateway for an image, counted by strace; and how often its threads go to sleep, at full speed."""

import tempfile
from pathlib import Path

from gateway import PROGRAM
from instructions import FEW, images_of_two_sizes
from measure import head, sealing_gateway, send
from processes import wait_until

LOOKING = {"epoll_wait", "sched_yield"}  # as often as there is time for: what they find is in the others
TOLD = 0.2                               # of a call for an image; those that are rarer are in the sum alone


def counted(folder, images, archive):
    """Of one process that takes these images and ends: name -> calls."""
    gateway = sealing_gateway(tempfile.mkdtemp(dir=folder), archive)
    told = gateway.folder / "calls"
    # Detached, and in a group of its own: what is stopped and killed at the end is the gateway.
    gateway.start("strace", "-DD", "-f", "-c", "-U", "calls,name", "-o", told, PROGRAM)
    try:
        send(images, gateway.scanner_port, archive)
    finally:
        gateway.stop()
    wait_until(lambda: told.exists() and "total" in told.read_text(), "strace to tell what it has counted")
    lines = (line.split() for line in told.read_text().splitlines())
    return {words[1]: int(words[0]) for words in lines if len(words) == 2 and words[0].isdigit()}


def calls_per_image(folder, images, archive):
    many, few = counted(folder, images, archive), counted(folder, images[:FEW], archive)
    return {name: (number - few.get(name, 0)) / (len(images) - FEW) for name, number in many.items()
            if name not in LOOKING | {"total"} and number != few.get(name, 0)}


def sleeps(gateway):
    """Of all its threads, since each began."""
    return sum(int(line.split()[1]) for status in Path(f"/proc/{gateway.daemon.process.pid}/task").glob("*/status")
               for line in status.read_text().splitlines() if line.startswith("voluntary_ctxt_switches"))


def sleeps_per_image(folder, images, archive):
    gateway = sealing_gateway(tempfile.mkdtemp(dir=folder), archive).start()
    try:
        send(images[:FEW], gateway.scanner_port, archive)
        before = sleeps(gateway)
        send(images, gateway.scanner_port, archive)
        return (sleeps(gateway) - before) / len(images)
    finally:
        gateway.stop()


def measure(folder, chosen):
    head("System calls per sealed image, durability strict, without those that only look for events")
    found = {}
    for rows, images, archive in images_of_two_sizes():
        what = f"{rows}x{rows}, 16 bits"
        calls = calls_per_image(folder, images, archive)
        slept = sleeps_per_image(folder, images, archive)
        found[what] = {"calls": calls, "sleeps": slept}
        often = sorted((name for name in calls if calls[name] >= TOLD), key=calls.get, reverse=True)
        print(f"  {what}: {sum(calls.values()):.1f}, of which "
              + ", ".join(f"{name} {calls[name]:.1f}" for name in often)
              + f"; threads go to sleep {slept:.1f} times")
    return found
