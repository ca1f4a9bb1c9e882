"""What the interoperability tests are written with."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from archives import Dcmqrscp, Orthanc, Storescp
from gateway import RULES, Gateway, peer
from pdu_relay import Unlimited
from processes import Daemon, free_port, run, run_judge, wait_until
from samples import fabricated, real_images, renew
from tools import (SYNTAX_OPTIONS, Answers, Peer, Query, data_set_of, from_address, objects_in, sop_instance_uid,
                   transfer_syntax, value_of)

__all__ = ["ARCHIVE_CHANGES", "Answers", "Daemon", "Dcmqrscp", "Gateway", "GatewayTest", "InteropTest", "Orthanc",
           "Peer", "Query", "SYNTAX_OPTIONS", "Storescp", "UNCOMPRESSED", "Unlimited", "data_set_of", "fabricated",
           "free_port", "from_address", "objects_in", "peer", "real_images", "renew", "run", "run_judge",
           "sop_instance_uid", "transfer_syntax", "unittest", "value_of", "wait_until"]


# Native pixels, as Debian's tools write them.
UNCOMPRESSED = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"}

# What both archives change by themselves (test_direct measures it): trailing padding is dropped, and Implicit VR
# may come back Explicit.
ARCHIVE_CHANGES = {"(FFFC,FFFC) missing", "(0002,0010) value"}


class InteropTest(unittest.TestCase):
    """A test with a folder of its own; after a failure it prints the logs of all that ran."""

    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="portcullis-interop-"))
        self.failures_before = self._failure_count()
        self.addCleanup(self._clean)

    def _failure_count(self):
        result = self._outcome.result
        return len(result.failures) + len(result.errors)

    def _clean(self):
        if self._failure_count() > self.failures_before or sys.exc_info()[0]:
            for log in sorted(self.folder.rglob("*.log")):
                text = log.read_text(errors="replace")
                print(f"---- {log.relative_to(self.folder)} (the last of it)\n{text[-4000:]}", file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, server):
        """Stops it when the test ends."""
        self.addCleanup(server.stop)
        return server

    def assert_stored(self, answers, count):
        """Every object of every association was stored with status 0000."""
        for answer in answers:
            self.assertEqual(answer.finished.status, 0, str(answer))
        statuses = [status for answer in answers for status in answer.statuses()]
        self.assertEqual(statuses, [0] * count)

    def assert_moved(self, answer, count):
        self.assertEqual(answer.final_status(), 0, str(answer))
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (count, 0), str(answer))

    def assert_same(self, expected, actual, ignored=None):
        """Element for element, pixels bit for bit; but for the differences that `ignored` names."""
        options = []
        if ignored:
            names = self.folder / "ignored-differences"
            names.write_text("".join(name + "\n" for name in sorted(ignored)))
            options = ["--ignore", names]
        done = run_judge("dicom_compare", expected, actual, *options)
        self.assertEqual(done.status, 0, f"{expected}\n{done}")

    def differences(self, expected, actual):
        """The names of all differences: what an archive itself changes is measured with this."""
        done = run_judge("dicom_compare", expected, actual, "--only-differences")
        self.assertIn(done.status, (0, 1), str(done))
        return {line for line in done.output.splitlines() if line.startswith("(")}

    def assert_received(self, image, received, changes=ARCHIVE_CHANGES):
        """The same elements and values, pixels bit for bit, but for what the archive itself changes."""
        uid = sop_instance_uid(image)
        self.assertIn(uid, received)
        self.assertEqual(self.differences(image, received[uid]) - changes, set())

    def assert_no_leak(self, original, stored):
        done = run_judge("dicom_leak", original, stored)
        self.assertEqual(done.status, 0, str(done))


class GatewayTest(InteropTest):
    """A scanner, the gateway, one archive, and the viewer WS1, whom the gateway knows."""

    def start_stack(self, make_archive=Dcmqrscp, seal=None, listed=None, policy=None, peers=(), viewer_options=(),
                    syslog=None, **archive_options):
        """Of the configuration: `seal` and `syslog` (of `audit`) are those sections, `listed` and `policy` are more of
        the archive's entry and of the policy, `peers` are those besides the viewer. The archive knows them all at the
        gateway."""
        self.gateway = Gateway(self.folder / "gateway")
        known = [self.gateway.title, *(one["ae_title"] for one in peers)]
        self.archive = self.start(make_archive(self.folder / "archive",
                                               dict.fromkeys(known, self.gateway.egress_port), **archive_options))
        self.viewer = self.start(Storescp(self.folder / "ws1", "WS1", options=("+xa", *viewer_options)))
        entry = {"name": "main", "ae_title": self.archive.title, "host": "127.0.0.1", "port": self.archive.port}
        sections = {"seal": seal} if seal else {}
        if syslog:
            sections["audit"] = {"log": str(self.gateway.folder / "audit"), "syslog": syslog}
        if policy:
            sections["policy"] = {"rules": RULES, "default": "refuse", **policy}
        self.gateway.configure([{**entry, **(listed or {})}], [peer("reading-room", "WS1", self.viewer.port), *peers],
                               ["reading-room"], **sections)
        self.start(self.gateway.init_keys().start())

    def caller(self, title, port=None):
        """A node that calls the archive by its title, at the gateway's port for scanners and viewers."""
        return Peer(title, port or self.gateway.scanner_port, self.archive.title)

    def store(self, images):
        self.assert_stored(self.caller("SCANNER").store(images), len(images))

    def move(self, image, title="WS1", destination="WS1", port=None):
        return self.caller(title, port).move(Query.study_of(image), destination)

    def get(self, image, title="WS1", port=None, syntax=None):
        """The answer, and what was received. `syntax`: the transfer syntax to ask for, by default the image's."""
        folder = self.folder / f"got-{title}-{Path(image).stem}"
        answer = self.caller(title, port).get(Query.study_of(image), folder, syntax or transfer_syntax(image))
        return answer, objects_in(folder)

    def assert_audit_verifies(self):
        done = self.gateway.verify_audit()
        self.assertEqual(done.status, 0, str(done))

    def audit_of(self, event, **values):
        """The audit records of an event with these values, of those that are written: what nobody waits for comes
        with the next group commit."""
        return [record for record in self.gateway.audit_records()
                if record.get("event") == event and all(record.get(key) == value for key, value in values.items())]
