"""How ingest scales: over associations that are open at once, and over the size of an object; beside what the scanners
and the archive take with nothing between. Each point has a gateway of its own, so that its peak memory is that
point's."""

import resource

from many_scanners import send_at_once
from measure import (PlainStorescp, cpu_seconds, head, in_memory, memory_limit_kib, mib, require_sealed,
                     sealing_gateway, send)
from samples import fabricated

ASSOCIATIONS = (1, 2, 4, 16, 64, 256, 1000)
IMAGES = 512  # of all associations together, or one of each
SIZES = (2 ** 13, 2 ** 15, 2 ** 17, 2 ** 19, 2 ** 22, 2 ** 25, 2 ** 28, 2 ** 31)  # bytes
MOST = 2 ** 28  # bytes that are sent for one point, or one object


def started(folder, archive):
    return sealing_gateway(folder, archive, gateway={"limits": {"associations": 2000, "per_peer": 2000}}).start()


def point(send_to, archive, gateway, images, size, associations):
    """`send_to` a port, returns seconds. The processor time is that of all: of a start and of opening associations,
    too."""
    direct = send_to(archive.port)
    archive.empty()
    seconds = send_to(gateway.scanner_port)
    require_sealed(gateway, images)
    return {"associations": associations, "images": images, "bytes": size, "milliseconds": 1000 * seconds / images,
            "direct_milliseconds": 1000 * direct / images,
            "cpu_milliseconds": 1000 * cpu_seconds(gateway.daemon) / images, "peak_kib": gateway.resident_kib(),
            "limit_kib": memory_limit_kib(associations)}


def over_associations(folder, memory):
    image, = fabricated(memory / "image", 1, 256, 256)
    points = []
    for associations in ASSOCIATIONS:
        each = max(1, IMAGES // associations)
        archive = PlainStorescp(memory / f"archive{associations}", fork=True)
        gateway = started(folder / f"associations{associations}", archive)

        def send_to(port):
            seconds = send_at_once(image, port, archive.title, associations, each)
            if archive.take() != associations * each:
                raise RuntimeError("not all objects arrived")
            return seconds

        try:
            points.append(point(send_to, archive, gateway, associations * each, 256 * 256 * 2, associations))
        finally:
            gateway.stop()
            archive.stop()
        archive.empty()
        tell(points[-1])
    return points


def shape(size):
    """Rows, columns and frames of an image of so many bytes."""
    rows = next(rows for rows in (64, 128, 256, 512) if size <= rows * rows * 2 or rows == 512)
    return rows, rows, max(1, size // (rows * rows * 2))


def over_sizes(folder, memory):
    points = []
    for size in SIZES:
        rows, columns, frames = shape(size)
        images = fabricated(memory / f"images{size}", max(1, min(256, MOST // size)), rows, columns, frames)
        archive = PlainStorescp(memory / f"archive-of-{size}", fork=True)
        gateway = started(folder / f"size{size}", archive)
        try:
            points.append(point(lambda port: send(images, port, archive), archive, gateway, len(images), size, 1))
        finally:
            gateway.stop()
            archive.stop()
        archive.empty()
        for path in images:
            path.unlink()
        tell(points[-1])
    return points


def tell(of):
    verdict = "within" if of["peak_kib"] <= of["limit_kib"] else "ABOVE"
    print(f"  {of['associations']:6}{of['bytes']:14,}{of['direct_milliseconds']:12.2f}{of['milliseconds']:12.2f}"
          f"{of['cpu_milliseconds']:12.2f}{mib(of['peak_kib']):>12}   {verdict} {mib(of['limit_kib'])}")


def measure(folder, chosen):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    head("Associations at once, and sizes: bytes, milliseconds per image with nothing between and through the gateway, "
         "of these of its processor time, peak memory")
    with in_memory() as memory:
        return {"associations": over_associations(folder, memory), "sizes": over_sizes(folder, memory)}
