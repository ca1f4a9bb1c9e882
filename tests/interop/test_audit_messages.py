"""The audit messages of PS3.15 A.5 of a gateway that real devices have used: valid, and what they should say."""

import base64
import signal
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from harness import *

SCHEMA = Path(__file__).parents[1] / "audit" / "atna.rng"

START, STOP, NODE_AUTHENTICATION, SECURITY_CONFIGURATION, RESTRICTED = "110120", "110121", "110126", "110129", "110132"
ACTIVITY, BEGIN, ACCESSED, TRANSFERRED, QUERY, ALERT = "110100", "110102", "110103", "110104", "110112", "110113"


class Message:
    def __init__(self, text):
        self.text = text
        root = ElementTree.fromstring(text)
        event = root.find("EventIdentification")
        self.event = event.find("EventID").get("csd-code")
        self.type = event.find("EventTypeCode").get("csd-code") if event.find("EventTypeCode") is not None else None
        self.outcome = event.get("EventOutcomeIndicator")
        self.participants = {one.get("UserID") for one in root.findall("ActiveParticipant")}
        self.objects = {one.get("ParticipantObjectID") for one in root.findall("ParticipantObjectIdentification")}
        self.queries = [base64.b64decode(one.text) for one in root.iter("ParticipantObjectQuery")]
        self.instances = [one.get("UID") for one in root.iter("Instance")]
        self.encrypted = [one.text for one in root.iter("Encrypted")]


class AuditMessages(GatewayTest):
    def messages(self):
        done = run_judge("atna_messages", self.gateway.folder / "audit", "gate-under-test", self.gateway.title)
        self.assertEqual(done.status, 0, str(done))
        return [Message(line) for line in done.output.splitlines()]

    def assert_valid(self, messages):
        """By xmllint, each for itself."""
        paths = []
        for number, message in enumerate(messages):
            path = self.folder / f"message-{number}.xml"
            path.write_text(message.text)
            paths.append(path)
        done = run(["xmllint", "--noout", "--relaxng", SCHEMA, *paths])
        self.assertEqual(done.status, 0, str(done))

    def use_it(self):
        """Stores, queries, a move, a C-GET, and what is refused."""
        self.store(self.images)
        self.query = self.caller("WS1").find(Query("STUDY", self.study), "PatientName=SECRET*")
        self.assertEqual(self.query.final_status(), 0)
        self.assert_moved(self.move(self.images[0]), len(self.images))
        self.get(self.images[0])
        self.assertEqual(self.move(self.images[0], "STRANGER").final_status(), 0x0124)
        self.assertEqual(self.move(self.images[0], "WS1", "NOBODY").final_status(), 0xA801)
        Peer("WS1", self.gateway.scanner_port, "NOARCHIVE").echo()
        self.gateway.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.audit_of("reload"), "the reload", 5)

    def test_a_day_of_a_gateway(self):
        self.start_stack()
        self.images = fabricated(self.folder / "images", 3, rows=16, columns=16)
        self.study = value_of(self.images[0], "0020,000d")
        self.use_it()
        self.gateway.stop()
        messages = self.messages()
        self.assert_valid(messages)

        kinds = Counter((message.event, message.type, message.outcome) for message in messages)
        self.assertEqual(kinds, {
            (ACTIVITY, START, "0"): 1,
            (ACTIVITY, STOP, "0"): 1,
            (TRANSFERRED, None, "0"): 9,  # 3 stored, 3 moved, 3 got
            (ACCESSED, None, "0"): 6,
            (BEGIN, None, "0"): 2,
            (QUERY, None, "0"): 1,
            (ALERT, NODE_AUTHENTICATION, "8"): 2,  # the stranger, and who called nobody's title
            (ALERT, RESTRICTED, "8"): 1,           # nobody's title as a destination
            (ALERT, SECURITY_CONFIGURATION, "0"): 1,
            (ALERT, "checkpoint", "0"): 2})        # at the start and at the stop
        of = lambda event: [message for message in messages if message.event == event]
        uids = {sop_instance_uid(image) for image in self.images}
        for image in uids:
            self.assertEqual(sum(image in message.instances for message in of(TRANSFERRED)), 3)
        for message in of(TRANSFERRED) + of(ACCESSED) + of(BEGIN):
            self.assertIn(self.study, message.objects)
            self.assertIn("gate-under-test", message.participants)
        self.assertEqual(Counter(*[[one for message in of(TRANSFERRED) for one in message.encrypted]]),
                         {"true": 3, "false": 6})
        self.assertIn(b"SECRET*", of(QUERY)[0].queries[0])
        self.assertEqual(len({message.text for message in messages}), len(messages))
        self.assertEqual([message.text for message in self.messages()], [message.text for message in messages])


if __name__ == "__main__":
    unittest.main()
