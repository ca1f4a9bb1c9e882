"""How Orthanc moves: over how many associations, under which title, and what makes it give up."""

import re
import uuid

from harness import *
from samples import KINDS, PYDICOM

OWN_TITLE = "ORTHANC"  # under which it calls; whoever calls it calls PACS


class OrthancMoves(GatewayTest):
    def start_orthanc(self, on_refused="continue"):
        self.start_stack(Orthanc, listed={"on_refused": on_refused}, policy={"unregistered": "refuse"},
                         DicomAet=OWN_TITLE)

    def test_a_study_of_many_kinds(self):
        self.start_orthanc()
        study = f"2.25.{uuid.uuid4().int}"
        images = [renew(PYDICOM / name, self.folder / name, "--study", study) for name in KINDS]
        self.store(images)
        self.assert_moved(self.move(images[0]), len(images))
        called = re.findall(r'from AET "(\w+)" to AET "(\w+)"', self.archive.daemon.output())
        self.assertGreater(len(called), 1)
        self.assertEqual(set(called), {(OWN_TITLE, self.gateway.title)})
        for image in images:
            self.assert_received(image, self.viewer.received())
        self.assert_audit_verifies()

    def move_unregistered(self, on_refused):
        """The answer to the move of four objects that the gateway does not know, and how many of them came to it."""
        self.start_orthanc(on_refused)
        images = fabricated(self.folder / "images", 4)
        self.assert_stored(Peer("SCANNER", self.archive.port).store(images), len(images))
        return self.refused(self.move(images[0]), "not registered")

    def move_to_nobody(self, on_refused):
        """The same of four objects to a viewer that is not there."""
        self.start_orthanc(on_refused)
        images = fabricated(self.folder / "images", 4)
        self.store(images)
        self.viewer.stop()
        return self.refused(self.move(images[0]), "destination")

    def refused(self, answer, reason):
        self.assertEqual(self.viewer.received(), {})
        self.gateway.stop()  # then the audit is complete
        return answer, len(self.audit_of("refusal", reason=reason))

    def assert_ended(self, answer, refused):
        self.assertEqual(refused, 1)
        self.assertEqual(answer.final_status(), 0xC000, str(answer))
        self.assertEqual((answer.count("Completed"), answer.count("Warning")), (0, 0), str(answer))

    def assert_went_on(self, answer, refused):
        self.assertEqual(refused, 4)
        self.assertEqual(answer.final_status(), 0xB000, str(answer))
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (0, 4), str(answer))

    def test_ends_at_0124(self):
        self.assert_ended(*self.move_unregistered("stop"))

    def test_ends_at_a700(self):
        self.assert_ended(*self.move_to_nobody("stop"))

    def test_goes_on_at_b000_in_the_place_of_0124(self):
        self.assert_went_on(*self.move_unregistered("continue"))

    def test_goes_on_at_b000_in_the_place_of_a700(self):
        self.assert_went_on(*self.move_to_nobody("continue"))


if __name__ == "__main__":
    unittest.main()
