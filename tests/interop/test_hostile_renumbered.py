"""Sealed objects that come back under another SOP Instance UID: they open where the archive may renumber, and only
there; elsewhere their noise is not passed on as an image."""

from deeds import *
from hostile import *

NEW_UID = "2.25.4711"
renumber = edited(set={"0008,0018": NEW_UID})


class Renumbered(HostileTest):
    def check(self, deed, **settings):
        """Of a study of three, one is renumbered."""
        self.start_hostile(**settings)
        victim, others = self.change_study(deed)
        self.archive.reindex()
        return victim, others

    def check_refused_alone(self, deed):
        victim, others = self.check(deed, unregistered="pass")
        answer = self.move(victim)
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (len(others), 1), str(answer))
        self.assertEqual(set(self.viewer.received()), {sop_instance_uid(image) for image in others})
        self.audited(1, "alert", sop_instance=NEW_UID, sealed_as=sop_instance_uid(victim), reason="renumbered")

    def check_opens_by(self, deed, **settings):
        victim, others = self.check(deed, renumbers=True, **settings)
        expected = [self.after(deed, victim), *others]
        self.assert_moved(self.move(victim), len(expected))
        answer, received = self.get(victim)
        self.assert_moved(answer, len(expected))
        for image in expected:
            self.assert_received(image, self.viewer.received())
            self.assert_received(image, received)
        for record in self.audited(2, "retrieve", phase="outcome", sop_instance=NEW_UID):
            self.assertEqual(record["sealed_as"], sop_instance_uid(victim))
        self.assertEqual(self.audit_of("alert") + self.audit_of("warning"), [])
        self.assertEqual([record for record in self.audit_of("retrieve", phase="end") if "missing" in record], [])
        self.assert_audit_verifies()

    def test_where_unregistered_objects_pass(self):
        self.check_refused_alone(renumber)

    def test_where_unregistered_objects_pass_without_the_block(self):
        self.check_refused_alone(in_turn(renumber, strip_private))

    def test_where_the_archive_renumbers(self):
        self.check_opens_by(renumber)

    def test_where_the_archive_renumbers_and_strips_the_block(self):
        self.check_opens_by(in_turn(renumber, strip_private))

    def test_where_the_archive_renumbers_and_stores_implicit(self):
        self.check_opens_by(in_turn(renumber, store_implicit), unregistered="refuse")

    def test_pixels_changed_where_the_archive_renumbers(self):
        victim, others = self.check(in_turn(renumber, flip_bit), renumbers=True)
        answer = self.move(victim)
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (len(others), 1), str(answer))
        self.audited(1, "alert", sop_instance=NEW_UID, sealed_as=sop_instance_uid(victim))


if __name__ == "__main__":
    unittest.main()
