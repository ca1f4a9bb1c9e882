"""Destinations that take only uncompressed objects: what the gateway makes of compressed ones, beside what other
decoders make of them."""

import os
from pathlib import Path

from deeds import EXPLICIT, IMPLICIT
from harness import *
from profiles import archive_of
from samples import PYDICOM
from tools import DEFLATED, sop_class_uid

JPEG_BASELINE, JPEG_EXTENDED, JPEG_14, JPEG_SV1 = (f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70))
JPEG_LS, JPEG_LS_NEAR, JPEG_2000, JPEG_2000_LOSSY = (f"1.2.840.10008.1.2.4.{n}" for n in (80, 81, 90, 91))
RLE = "1.2.840.10008.1.2.5"

# Transfer syntax -> how to make it uncompressed, in Explicit VR.
DECODERS = {
    **{syntax: ["dcmdjpeg", "+te"] for syntax in (JPEG_BASELINE, JPEG_EXTENDED, JPEG_14, JPEG_SV1)},
    **{syntax: ["dcmdjpls", "+te"] for syntax in (JPEG_LS, JPEG_LS_NEAR)},
    **{syntax: ["gdcmconv", "--raw"] for syntax in (JPEG_2000, JPEG_2000_LOSSY)},
    RLE: ["dcmdrle", "+te"],
    DEFLATED: ["dcmconv", "+te"],
}

REAL = ["SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_small_odd_jpeg.dcm", "JPEG-lossy.dcm", "SC_rgb_jpeg_gdcm.dcm",
        "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "JPEG2000.dcm", "693_J2KI.dcm",
        "SC_rgb_gdcm_KY.dcm", "MR_small_RLE.dcm", "SC_rgb_rle_2frame.dcm", "SC_rgb_rle_16bit_2frame.dcm",
        "image_dfl.dcm"]
MORE = ["emri_small_RLE.dcm", "emri_small_jpeg_2k_lossless.dcm", "emri_small_jpeg_ls_lossless.dcm",
        "US1_J2KR.dcm", "RG1_J2KI.dcm", "MR2_J2KR.dcm", "OBXXXX1A_rle_2frame.dcm"]  # of PORTCULLIS_SAMPLES

# What says how the pixels are encoded.
ENCODING = ("(7FE0,0010)", "(0028,0004)", "(0028,0006)", "(0002,0010)")


def convert(*command):
    """By a tool that is told the file to read, and the file to write last, which is returned."""
    done = run(command)
    if done.status != 0:
        raise RuntimeError(str(done))
    return command[-1]


def made(folder):
    """What is not among the real images."""
    frames, = fabricated(folder / "fabricated", 1, frames=3)
    colour = convert("dcmdrle", PYDICOM / "SC_rgb_rle.dcm", folder / "colour.dcm")
    return [convert(*command, folder / f"{name}.dcm") for name, *command in (
        ("near", "dcmcjpls", "+en", frames), ("near-colour", "dcmcjpls", "+en", colour),
        ("process-14", "dcmcjpeg", "+el", PYDICOM / "MR_small.dcm"), ("frames", "dcmcjpeg", "+el", frames),
        ("sampled", "dcmcjpeg", "+eb", "+s2", PYDICOM / "SC_rgb_small_odd.dcm"))]


def compressed_images(folder):
    """Each a study of its own."""
    folder.mkdir()
    sources = [PYDICOM / name for name in REAL] + made(folder)
    if collection := os.environ.get("PORTCULLIS_SAMPLES"):
        sources += [Path(collection) / name for name in MORE]
    return [renew(source, folder / f"new-{source.name}", "--study", "new", "--series", "new") for source in sources]


class Transcode(GatewayTest):
    """WS1 takes everything, EXPLICIT and IMPLICIT what is uncompressed; for all three objects are transcoded. For
    PLAIN, which is like EXPLICIT, they are not."""

    def start_destinations(self, images, make_archive=Dcmqrscp):
        self.gateway = Gateway(self.folder / "gateway")
        options = {}
        if make_archive is Dcmqrscp:
            kinds = {(sop_class_uid(image), transfer_syntax(image)) for image in images}
            options["profiles"] = archive_of(self.folder / "profiles.cfg", kinds)
        self.archive = self.start(make_archive(self.folder / "archive",
                                               {self.gateway.title: self.gateway.egress_port}, **options))
        accepts = {"WS1": "+xa", "EXPLICIT": "+xe", "IMPLICIT": "+xi", "PLAIN": "+xe"}
        self.destinations = {title: self.start(Storescp(self.folder / title, title, options=[option]))
                             for title, option in accepts.items()}
        peers = [peer(title.lower(), title, destination.port) for title, destination in self.destinations.items()]
        for one in peers[:3]:
            one["transcode"] = "uncompressed"
        self.gateway.configure([("main", self.archive.title, self.archive.port)], peers,
                               [one["name"] for one in peers])
        self.start(self.gateway.init_keys().start())

    def store(self, images):
        for image in images:
            answer = self.caller("SCANNER").store_as_it_is(image, sop_class_uid(image))
            self.assertEqual(answer.statuses(), [0], str(answer))

    def received(self, image, destination, count=1):
        """By this destination, to which it is moved."""
        self.assert_moved(self.move(image, destination=destination), count)
        return self.destinations[destination].received()[sop_instance_uid(image)]

    def assert_uncompressed(self, image, received, syntax):
        self.assertEqual(transfer_syntax(received), syntax)
        self.assertEqual({name for name in self.differences(image, received) - ARCHIVE_CHANGES
                          if not name.startswith(ENCODING)}, set())
        decoder = DECODERS[transfer_syntax(image)]
        decoded = convert(*decoder, image, self.folder / "decoded.dcm")
        compared = ENCODING[:1] if decoder[0] == "gdcmconv" else ENCODING[:3]  # GDCM names colours as it likes
        # Of 8 bits native pixels may be OB or OW (PS3.5 A.2).
        self.assertEqual({name for name in self.differences(decoded, received) - {"(7FE0,0010) vr"}
                          if name.startswith(compared)}, set())

    def check_transcoded(self, destination, syntax):
        images = compressed_images(self.folder / "images")
        self.start_destinations(images)
        self.assertEqual({transfer_syntax(image) for image in images}, set(DECODERS))
        for image in images:
            with self.subTest(image.name):
                self.store([image])
                self.assert_uncompressed(image, self.received(image, destination), syntax)
        self.gateway.stop()  # then the audit is complete
        for image in images:
            told = f"{transfer_syntax(image)} to {syntax}"
            self.assertEqual(len(self.audit_of("retrieve", phase="outcome", transcoded=told,
                                               sop_instance=sop_instance_uid(image))), 1, image)
        self.assert_audit_verifies()

    def test_to_explicit_vr(self):
        self.check_transcoded("EXPLICIT", EXPLICIT)

    def test_to_implicit_vr(self):
        self.check_transcoded("IMPLICIT", IMPLICIT)

    def test_who_takes_compressed_objects_gets_them_as_they_were(self):
        images = [image for image in compressed_images(self.folder / "images")
                  if transfer_syntax(image) != JPEG_14]  # which storescp does not take
        self.start_destinations(images)
        for image in images:
            with self.subTest(image.name):
                self.store([image])
                received = self.received(image, "WS1")
                self.assertEqual(self.differences(image, received) - ARCHIVE_CHANGES, set())
                self.assertEqual(transfer_syntax(received), transfer_syntax(image))
        self.gateway.stop()
        self.assertEqual([record for record in self.gateway.audit_records() if "transcoded" in record], [])

    def test_where_it_is_not_configured_the_move_fails(self):
        images = compressed_images(self.folder / "images")
        self.start_destinations(images)
        for image in images:
            with self.subTest(image.name):
                self.store([image])
                answer = self.move(image, destination="PLAIN")
                self.assertNotEqual(answer.final_status(), 0, str(answer))
                self.assertEqual((answer.count("Completed"), answer.count("Failed")), (0, 1), str(answer))
        self.assertEqual(self.destinations["PLAIN"].received(), {})

    def test_a_study_of_many_kinds_from_orthanc(self):
        """Over several associations, most of them with nearly as many contexts as there may be."""
        (self.folder / "images").mkdir()
        first = renew(PYDICOM / REAL[0], self.folder / "images" / REAL[0], "--study", "new")
        study = value_of(first, "0020,000d")
        images = [first] + [renew(PYDICOM / name, self.folder / "images" / name, "--study", study)
                            for name in ("CT_small.dcm", *REAL[1:])]
        self.start_destinations(images, Orthanc)
        self.store(images)
        for destination in ("EXPLICIT", "IMPLICIT"):
            self.received(images[0], destination, len(images))
            received = self.destinations[destination].received()
            self.assertEqual(set(received), {sop_instance_uid(image) for image in images})

    def test_without_a_decoder_an_object_fails_alone(self):
        good = renew(PYDICOM / "MR_small_RLE.dcm", self.folder / "good.dcm", "--study", "new")
        study = value_of(good, "0020,000d")
        damaged = renew(PYDICOM / "MR_small_jpeg_ls_lossless.dcm", self.folder / "damaged.dcm", "--study", study)
        content = bytearray(damaged.read_bytes())
        content[content.index(b"\xff\xf7\x00") + 4] += 1  # SOF55: more bits a sample than there is room for
        damaged.write_bytes(content)
        self.start_destinations([good, damaged], Orthanc)
        self.store([good, damaged])
        answer = self.move(good, destination="EXPLICIT")
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (1, 1), str(answer))
        self.assertEqual(answer.failed_uids(), [sop_instance_uid(damaged)])
        self.assertEqual(set(self.destinations["EXPLICIT"].received()), {sop_instance_uid(good)})
        self.gateway.stop()
        refusals = self.audit_of("refusal", reason="transcoding")
        self.assertEqual([record["detail"] for record in refusals], ["frame 1 does not decompress"])


if __name__ == "__main__":
    unittest.main()
