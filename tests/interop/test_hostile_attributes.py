"""Attributes that an archive changes: what is bound to the pixels is refused, of the others policy decides."""

from deeds import *
from hostile import *

PATIENT = {"0010,0010": "RECONCILED^PATIENT", "0010,0020": "RECONCILED-1", "0010,0021": "ISSUER"}
STUDY = {"0020,000d": "2.25.1001", "0020,000e": "2.25.1001.1", "0008,0050": "ACCESSION-1"}
OTHER = {"0010,0010": "RECONCILED^PATIENT", "0008,1030": "another description", "0008,0020": "20250101"}
CONTEXT = "image attributes differ from the sealed ones"
RESCALE = {"0028,1052": "-1000"}


class Opened(HostileTest):
    def check(self, values, changed, warned=True, **settings):
        """`changed`: the recorded attributes among them, as the audit names them."""
        self.start_hostile(**settings)
        image, = fabricated(self.folder / "images", 1)
        deed = edited(set=values)
        self.check_opens([image], deed, retrieved_as=lambda one: self.after(deed, one))
        self.assertEqual(self.outcomes(image, "changed"), [changed] * 2)
        warnings = self.audit_of("warning", sop_instance=sop_instance_uid(image))
        self.assertEqual([record["detail"] for record in warnings], [changed] * 2 if warned else [])

    def test_another_patient(self):
        self.check(PATIENT, "(0010,0020) (0010,0021)")

    def test_another_study(self):
        self.check(STUDY, "(0008,0050) (0020,000D) (0020,000E)")

    def test_nothing_that_is_recorded(self):
        self.check(OTHER, None, warned=False)

    def test_another_patient_where_that_is_nothing(self):
        self.check(PATIENT, "(0010,0020) (0010,0021)", warned=False, returned={"identifiers": "open"})

    def test_another_rescale_where_that_is_warned_of(self):
        self.check(RESCALE, "(0028,1052)", returned={"geometry": "warn"})


class Refused(HostileTest):
    def check(self, values, reason, detail=None, **settings):
        self.start_hostile(**settings)
        victim, others = self.change_study(edited(set=values))
        self.check_refused([victim], others, reason)
        for alert in self.audit_of("alert"):
            self.assertEqual(alert["sop_instance"], sop_instance_uid(victim))
            if detail:
                self.assertEqual(alert["detail"], detail)

    def test_another_rescale(self):
        self.check(RESCALE, "attributes changed", "(0028,1052)")

    def test_another_geometry(self):
        self.check({"0020,0032": "0\\0\\12", "0028,0030": "0.5\\0.5", "0020,0060": "L"}, "attributes changed",
                   "(0020,0032) (0020,0060) (0028,0030)")

    def test_another_patient_where_that_is_refused(self):
        self.check(PATIENT, "attributes changed", "(0010,0020)",
                   returned={"patient_id": "refuse", "identifiers": "open"})

    def test_rows_and_columns(self):
        self.check({"0028,0010": "256", "0028,0011": "1024"}, CONTEXT)

    def test_photometric_interpretation(self):
        self.check({"0028,0004": "MONOCHROME1"}, CONTEXT)

    def test_bits(self):
        self.check({"0028,0101": "10", "0028,0102": "9"}, CONTEXT)

    def test_sign(self):
        self.check({"0028,0103": "1"}, CONTEXT)


if __name__ == "__main__":
    unittest.main()
