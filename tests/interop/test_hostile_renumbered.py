"""A sealed object that comes back under a UID that nobody registered: its noise is not passed on as an image."""

from deeds import *
from hostile import *


class Renumbered(HostileTest):
    def test_where_unregistered_objects_pass(self):
        self.start_hostile(unregistered="pass")
        victim, others = self.change_study(edited(set={"0008,0018": "2.25.4711"}))
        self.archive.reindex()
        answer = self.move(victim)
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (len(others), 1), str(answer))
        self.assertEqual(set(self.viewer.received()), {sop_instance_uid(image) for image in others})
        self.audited(1, "alert", sop_instance="2.25.4711")


if __name__ == "__main__":
    unittest.main()
