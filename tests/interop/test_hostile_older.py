"""An archive that returns an older copy of what was stored twice."""

from deeds import *
from hostile import *


class Older(HostileTest):
    def store_twice(self, **settings):
        """What was stored first comes back."""
        self.start_hostile(**settings)
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        first = self.folder / "first.dcm"
        shutil.copyfile(self.stored_file(image), first)
        self.store([image])
        self.do_to_stored([image], replaced_by(first))
        return image

    def check_opened(self, warnings, **settings):
        image = self.store_twice(**settings)
        self.assert_moved(self.move(image), 1)
        self.assert_received(image, self.viewer.received())
        answer, received = self.get(image)
        self.assert_moved(answer, 1)
        self.assert_received(image, received)
        self.assertEqual(self.outcomes(image, "superseded"), [True] * 2)
        first, last = self.audit_of("store", phase="intent")
        self.assertEqual(self.outcomes(image, "envelope"), [first["envelope"]] * 2)
        self.assertEqual([record["detail"] for record in self.audit_of("warning", reason="older copy")],
                         [f"of envelope {first['envelope']}, stored last with {last['envelope']}"] * warnings)
        self.assertEqual(self.audit_of("alert"), [])

    def test_by_default(self):
        self.check_opened(2)

    def test_where_that_is_nothing(self):
        self.check_opened(0, returned={"older": "open"})

    def test_where_that_is_refused(self):
        image = self.store_twice(returned={"older": "refuse"})
        self.check_refused([image], [], "older copy")


if __name__ == "__main__":
    unittest.main()
