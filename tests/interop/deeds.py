"""What archives do to the files that they store: each deed changes one file, or two, in place."""

import shutil

from processes import run, run_judge


def _succeeded(done):
    if done.status != 0:
        raise RuntimeError(str(done))


def converted(tool, *options, crashes=0):
    """By one of DCMTK's tools, which write another file. `crashes`: how many in a row are overlooked."""
    def deed(path):
        made = path.with_name(path.name + ".made")
        done = run([tool, *options, path, made])
        for _ in range(crashes):
            if done.status >= 0:
                break
            done = run([tool, *options, path, made])
        _succeeded(done)
        made.replace(path)
    return deed


def edited(**options):
    """By dcmodify. Keywords: `set` {tag: value}, `files` {tag: file with the value}, `erase` [tag], `private` False
    to erase all that is private."""
    words = ["dcmodify", "-nb"]
    for tag, value in options.get("set", {}).items():
        words += ["-i", f"({tag})={value}"]
    for tag, path in options.get("files", {}).items():
        words += ["-if", f"({tag})={path}"]
    for tag in options.get("erase", []):
        words += ["-ea", f"({tag})"]
    if not options.get("private", True):
        words.append("-ep")

    def deed(path):
        _succeeded(run([*words, path]))
    return deed


def done(name):
    """By dicom_deed, which has what none of DCMTK's tools does."""
    def deed(*paths):
        _succeeded(run_judge("dicom_deed", name, *paths))
    return deed


def in_turn(*deeds):
    def deed(path):
        for one in deeds:
            one(path)
    return deed


def replaced_by(other):
    def deed(path):
        shutil.copyfile(other, path)
    return deed


IMPLICIT, EXPLICIT, BIG_ENDIAN = (f"1.2.840.10008.1.2{suffix}" for suffix in ("", ".1", ".2"))
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS_LOSSLESS, JPEG_LS_LOSSY = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
RLE = "1.2.840.10008.1.2.5"

store_implicit = converted("dcmconv", "+ti")
store_explicit = converted("dcmconv", "+te")
store_big_endian = converted("dcmconv", "+tb")

# Transfer syntax -> how an archive compresses losslessly.
COMPRESSIONS = {
    RLE: converted("dcmcrle"),
    JPEG_LS_LOSSLESS: converted("dcmcjpls"),
    JPEG_LOSSLESS: converted("dcmcjpeg", "+e1"),
    JPEG_2000_LOSSLESS: done("compress-jpeg2000"),
}
# Within a few grey levels of what it was, under the same SOP Instance UID.
compress_lossily = converted("dcmcjpls", "+en", "+un")

strip_private = edited(private=False)
cut_fragments, join_fragments = done("cut"), done("join")
add_offset_table, drop_offset_table = done("add-table"), done("drop-table")
pad_anew = done("pad-anew")
flip_bit, shorten, exchange_pixels = done("flip"), done("shorten"), done("exchange")
damage_block, take_block = done("damage-block"), done("take-block")
