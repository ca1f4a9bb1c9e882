"""A stack whose archive does things to what it stores before it is retrieved."""

import shutil

from harness import *

# DCMTK's JPEG codec notes in the header how well it compressed.
DERIVATION = {"(0008,2111) added", "(0008,2111) value"}


class HostileTest(GatewayTest):
    def start_hostile(self, returns=None, returned=None, unregistered=None, renumbers=None):
        """`returns`: transfer syntaxes that the archive returns by C-MOVE, and no others. `returned`: that section
        of the archive's entry, and `renumbers`; `unregistered`: that word of the policy. By default the
        configuration does not have them."""
        listed = {"returned": returned, "renumbers": renumbers}
        self.start_stack(listed={name: value for name, value in listed.items() if value is not None},
                         policy={"unregistered": unregistered} if unregistered else {},
                         **({"returns": returns} if returns else {}))

    def stored_file(self, image):
        return self.archive.stored()[sop_instance_uid(image)]

    def do_to_stored(self, images, deed, shows=True):
        """`shows`: the deed leaves a trace; one that changes nothing would test nothing."""
        stored = self.archive.stored()
        before = self.folder / "before"
        for image in images:
            path = stored[sop_instance_uid(image)]
            shutil.copyfile(path, before)
            deed(path)
            self.assertEqual(bool(self.differences(before, path)), shows, image.name)

    def after(self, deed, image):
        """A copy of the original to which the same was done: what a viewer would have without a gateway."""
        copy = self.folder / f"done-{image.name}"
        shutil.copyfile(image, copy)
        deed(copy)
        return copy

    def audited(self, count, event, **values):
        """These records of the audit, once they are written."""
        wait_until(lambda: len(self.audit_of(event, **values)) >= count, f"{count} records of {event} {values}", 5)
        return self.audit_of(event, **values)

    def outcomes(self, image, member):
        """Of both ways of retrieving it: what the audit says under this name."""
        records = self.audited(2, "retrieve", phase="outcome", sop_instance=sop_instance_uid(image))
        return [record.get(member) for record in records]

    def check_opens(self, images, deed=None, expected=None, syntax=None, retrieved_as=None, shows=True,
                    changes=ARCHIVE_CHANGES):
        """Stored, changed, retrieved by both ways: what comes is `expected(image)`, by default what the same deed
        makes of the original, but for `changes`. `retrieved_as(image)`: a file by whose UIDs the viewer asks."""
        self.store(images)
        if deed:
            self.do_to_stored(images, deed, shows)
            self.archive.reindex()
        for image in images:
            with self.subTest(image.name):
                wanted = (expected or (lambda one: self.after(deed, one)))(image)
                asked = retrieved_as(image) if retrieved_as else image
                self.assert_moved(self.move(asked), 1)
                self.assert_received(wanted, self.viewer.received(), changes)
                answer, received = self.get(asked, syntax=syntax)
                self.assert_moved(answer, 1)
                self.assert_received(wanted, received, changes)
        self.assertEqual(self.audit_of("alert"), [])
        self.assert_audit_verifies()

    def check_transcoded(self, syntax):
        """By Orthanc, which compresses losslessly what it is given and decompresses it when it is asked."""
        self.start_stack(Orthanc, IngestTranscoding=syntax)
        images = fabricated(self.folder / "images", 2)
        self.store(images)
        self.assertEqual({transfer_syntax(stored) for stored in self.archive.stored().values()}, {syntax})
        self.assert_moved(self.move(images[0]), len(images))
        for image in images:
            self.assert_received(image, self.viewer.received(), ARCHIVE_CHANGES | DERIVATION)

    def check_refused(self, victims, others, reason=None, event="alert", gets=True):
        """Of one study: the victims fail, and only they; no byte of them reaches the viewer; the audit names
        each, by both ways."""
        uids = sorted(sop_instance_uid(image) for image in victims)
        answer = self.move(victims[0])
        self.assertEqual(sorted(answer.failed_uids()), uids)
        self.check_failed(answer, self.viewer.received(), uids, others)
        ways = 1
        if gets:
            ways += 1
            self.check_failed(*self.get(victims[0]), uids, others)  # getscu does not read the list of what failed
        named = {"reason": reason} if reason else {}
        for uid in uids:
            self.assertEqual(len(self.audited(ways, event, sop_instance=uid, **named)), ways)
        delivered = {record["sop_instance"] for record in self.audit_of("retrieve", phase="outcome")}
        self.assertEqual(delivered & set(uids), set())
        self.assert_audit_verifies()

    def check_failed(self, answer, received, uids, others):
        self.assertNotEqual(answer.final_status(), 0, str(answer))
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (len(others), len(uids)), str(answer))
        self.assertEqual(set(received), {sop_instance_uid(image) for image in others})
        for image in others:
            self.assert_received(image, received)
        files = list(self.viewer.received_folder.iterdir())
        self.assertEqual(len(files), len(self.viewer.received()), "a part of an object was left")

    def change_study(self, victim_deed, count=3, **fabrication):
        """A study of which the stored copy of one image, the second, is changed: that one, and the others."""
        images = fabricated(self.folder / "images", count, **fabrication)
        self.store(images)
        victim = images[1]
        self.do_to_stored([victim], victim_deed)
        return victim, [image for image in images if image is not victim]
