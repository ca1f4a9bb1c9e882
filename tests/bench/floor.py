"""The least that a gateway must do besides copying: to seal the bytes, and to make durable what opens them again."""

import json
import os
import time

from gateway import PROGRAM
from processes import run

ENVELOPE_AND_AUDIT = 2400  # bytes that are made durable for each image
UNIT = 256 * 1024          # bytes that are sealed at once


class Sealing:
    """Seconds that one core takes, as `codec bench` measures it."""

    def __init__(self, codec):
        speeds = json.loads(run([PROGRAM, "codec", "bench", "--json", "--seconds", "4"]).output)["speeds"]
        self.speeds = {one["unit"]: one["gigabytes_per_second"] * 1e9 for one in speeds
                       if one["what"] == f"{codec} in aes-256-gcm"}

    def seconds(self, images, size):
        """Of so many images of so many bytes."""
        unit = UNIT if size >= UNIT else min(self.speeds)
        return images * size / self.speeds[unit]


def syncing(folder, images):
    """Seconds for one fdatasync for each image, of as much as its envelope and the audit need."""
    written = b"\0" * ENVELOPE_AND_AUDIT
    path = folder / "synced"
    path.write_bytes(written * images)
    with open(path, "r+b", buffering=0) as file:
        os.fsync(file.fileno())
        began = time.monotonic()
        for _ in range(images):
            file.write(written)
            os.fdatasync(file.fileno())
        return time.monotonic() - began
