"""Images to send, each under a SOP Instance UID of its own."""

import os
import random
import shutil
import tempfile
from pathlib import Path

from processes import run, run_judge

PYDICOM = Path("/usr/lib/python3/dist-packages/pydicom/data/test_files")

# name of the file -> what it stands for
KINDS = {
    "CT_small.dcm": "CT, Explicit VR",
    "MR_small.dcm": "MR, Explicit VR",
    "MR_small_implicit.dcm": "MR, Implicit VR",
    "SC_ybr_full_422_uncompressed.dcm": "colour, native",
    "SC_rgb_small_odd.dcm": "colour, odd length",
    "rtdose.dcm": "15 frames of 32 bits, Implicit VR",
    "SC_rgb_jpeg_dcmtk.dcm": "colour, JPEG baseline",
    "JPEG-lossy.dcm": "JPEG extended, 12 bits",
    "SC_rgb_jpeg_gdcm.dcm": "colour, JPEG lossless",
    "MR_small_jpeg_ls_lossless.dcm": "JPEG-LS lossless",
    "MR_small_jp2klossless.dcm": "JPEG 2000 lossless",
    "JPEG2000.dcm": "JPEG 2000",
    "MR_small_RLE.dcm": "RLE",
    "SC_rgb_rle_2frame.dcm": "colour, RLE, two frames",
}

# Of the collection that PORTCULLIS_SAMPLES may name: larger, with many frames and fragments.
MORE_KINDS = {
    "emri_small.dcm": "enhanced MR, 10 frames",
    "emri_small_RLE.dcm": "enhanced MR, RLE, 10 frames",
    "emri_small_jpeg_2k_lossless.dcm": "enhanced MR, JPEG 2000, 10 frames",
    "US1_UNCI.dcm": "ultrasound, native colour",
    "US1_J2KR.dcm": "ultrasound, JPEG 2000, one frame in several fragments",
    "SC_rgb_16bit_2frame.dcm": "colour of 16 bits, two frames",
    "color-pl.dcm": "colour by plane",
    "OBXXXX1A_rle_2frame.dcm": "colour, RLE, two frames",
}


# Where whatever carries images may stand besides the pixel data, at the top and in items.
BULK_PLACES = ("(6000,3000)", "(6002,3000)", "(5000,3000)", "(5000,200c)", "(5600,0020)", "(0042,0011)",
               "(5400,0100)[0].(5400,1010)", "(0088,0200)[0].(7fe0,0010)", "(0008,1111)[0].(0021,1001)")
ENCODINGS = {"explicit": "+te", "implicit": "+ti", "bigendian": "+tb", "deflated": "+td"}  # of dcmconv


def path_of(place):
    """As everything but dcmodify names it."""
    return place.replace("[0]", "[1]").upper()


def bulk_at(place):
    return random.Random(place).randbytes(2048)


def laden(folder):
    """A real CT with a value at each of these places, in every native encoding."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / f"laden-{name}.dcm" for name in ENCODINGS]
    with tempfile.TemporaryDirectory() as scratch:
        whole = shutil.copy(PYDICOM / "CT_small.dcm", scratch)
        insert = ["dcmodify", "-nb", "-i", "(0008,1111)[0].(0021,0010)=ACME"]
        for number, place in enumerate(BULK_PLACES):
            value = Path(scratch) / str(number)
            value.write_bytes(bulk_at(place))
            insert += ["-if", f"{place}={value}"]
        convert = [["dcmconv", option, whole, result] for option, result in zip(ENCODINGS.values(), results)]
        for done in map(run, [[*insert, whole], *convert]):
            if done.status != 0:
                raise RuntimeError(str(done))
    return results


def renew(path, into, *options):
    """A copy under a fresh SOP Instance UID."""
    done = run_judge("dicom_new_uid", path, into, *options)
    if done.status != 0:
        raise RuntimeError(str(done))
    return Path(into)


def real_images(folder):
    """Copies of real images of all kinds that this version seals, each a study of its own.

    dcmqrscp cannot retrieve one class in several transfer syntaxes at once.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sources = [PYDICOM / name for name in KINDS]
    if collection := os.environ.get("PORTCULLIS_SAMPLES"):
        sources += [Path(collection) / name for name in MORE_KINDS]
    return [renew(source, folder / source.name, "--study", "new", "--series", "new") for source in sources]


def fabricated(folder, count, rows=512, columns=512, frames=1, study=None):
    """Synthetic CTs of one study and one series."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    study = study or f"2.25.{int.from_bytes(os.urandom(12), 'big')}"
    paths = []
    for i in range(count):
        path = folder / f"ct{i:03}.dcm"
        done = run_judge("dicom_fabricate", path, "--rows", rows, "--columns", columns, "--frames", frames,
                         "--seed", i + 1, "--study", study, "--series", study + ".1")
        if done.status != 0:
            raise RuntimeError(str(done))
        paths.append(path)
    return paths
