"""Objects in Deflated Explicit VR Little Endian, through the gateway into archives and back."""

from harness import *
from samples import PYDICOM
from tools import DEFLATED, EXPLICIT


def deflated_images(folder):
    """A real deflated one, and others that DCMTK deflated; each a study of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [PYDICOM / "image_dfl.dcm"]
    for name in ("CT_small.dcm", "MR_small_implicit.dcm", "SC_rgb_small_odd.dcm"):
        done = run(["dcmconv", "+td", PYDICOM / name, folder / f"deflated-{name}"])
        if done.status != 0:
            raise RuntimeError(str(done))
        sources.append(folder / f"deflated-{name}")
    return [renew(source, folder / f"new-{source.name}", "--study", "new", "--series", "new") for source in sources]


class Deflated(GatewayTest):
    def store_images(self, stored_in=DEFLATED):
        images = deflated_images(self.folder / "images")
        self.assertEqual({transfer_syntax(image) for image in images}, {DEFLATED})
        self.store(images)
        stored = self.archive.stored()
        self.assertEqual(set(stored), {sop_instance_uid(image) for image in images})
        for image in images:
            self.assertEqual(transfer_syntax(stored[sop_instance_uid(image)]), stored_in)
            self.assert_no_leak(image, stored[sop_instance_uid(image)])
        return images

    def check_moved(self, image, received_in):
        self.assert_moved(self.move(image), 1)
        received = self.viewer.received()
        self.assert_received(image, received)
        self.assertEqual(transfer_syntax(received[sop_instance_uid(image)]), received_in)

    def check_got(self, image, received_in):
        answer, received = self.get(image)
        self.assert_moved(answer, 1)
        self.assert_received(image, received)
        self.assertEqual(transfer_syntax(received[sop_instance_uid(image)]), received_in)

    def test_dcmqrscp(self):
        self.start_stack(Dcmqrscp)
        for image in self.store_images():
            with self.subTest(image.name):
                self.check_moved(image, DEFLATED)
                self.check_got(image, DEFLATED)
        self.assert_audit_verifies()

    def test_dcmqrscp_as_installed(self):
        """Without an association profile it refuses the deflated syntax, and storescu inflates before it sends."""
        self.start_stack(Dcmqrscp, compressed=False)
        for image in self.store_images(stored_in=EXPLICIT):
            with self.subTest(image.name):
                self.check_moved(image, EXPLICIT)
                self.check_got(image, EXPLICIT)

    def test_orthanc(self):
        """For C-GET Orthanc inflates: it prefers the uncompressed syntaxes, which getscu always offers."""
        self.start_stack(Orthanc)
        for image in self.store_images():
            with self.subTest(image.name):
                self.check_moved(image, DEFLATED)
                self.check_got(image, EXPLICIT)
        self.assert_audit_verifies()


if __name__ == "__main__":
    unittest.main()
