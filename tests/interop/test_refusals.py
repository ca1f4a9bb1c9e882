"""Who gets nothing: strangers and impostors; and that the audit tells whether it was changed."""

from harness import *

NOT_AUTHORISED = 0x0124


class Refusals(GatewayTest):
    def setUp(self):
        super().setUp()
        self.start_stack()
        self.image, = fabricated(self.folder / "images", 1)
        self.store([self.image])

    def assert_refused(self, answer, received):
        self.assertEqual(answer.final_status(), NOT_AUTHORISED, str(answer))
        self.assertEqual(received, {})
        wait_until(lambda: self.audit_of("refusal"), "the audit record of the refusal", 5)
        self.assert_audit_verifies()

    def test_an_unknown_viewer_moves_to_itself(self):
        stranger = self.start(Storescp(self.folder / "stranger", "STRANGER"))
        answer = self.move(self.image, "STRANGER", "STRANGER")
        self.assert_refused(answer, {**stranger.received(), **self.viewer.received()})

    def test_an_unknown_viewer_moves_to_a_known_one(self):
        self.assert_refused(self.move(self.image, "STRANGER", "WS1"), self.viewer.received())

    def test_an_unknown_viewer_gets(self):
        self.assert_refused(*self.get(self.image, "STRANGER"))

    def test_an_impostor_moves(self):
        with from_address("127.0.0.9", self.gateway.scanner_port, self.folder / "socat.log") as entrance:
            self.assert_refused(self.move(self.image, "WS1", "WS1", entrance), self.viewer.received())

    def test_an_impostor_gets(self):
        with from_address("127.0.0.9", self.gateway.scanner_port, self.folder / "socat.log") as entrance:
            self.assert_refused(*self.get(self.image, "WS1", entrance))

    def test_a_known_viewer_moves_to_nobody(self):
        self.assertEqual(self.move(self.image, "WS1", "NOBODY").final_status(), 0xA801)

    def test_a_push_that_nobody_asked_for(self):
        """Whoever calls the egress without a move in flight cannot have anything opened."""
        stored = self.archive.stored()[sop_instance_uid(self.image)]
        answers = Peer("PACS", self.gateway.egress_port, self.gateway.title).store([stored])
        self.assertNotIn(0, [status for answer in answers for status in answer.statuses()])
        self.assertEqual(self.viewer.received(), {})


class Audit(GatewayTest):
    def test_an_audit_record_changed_by_hand_is_found(self):
        self.start_stack()
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        self.gateway.stop()
        log, = (self.gateway.folder / "audit").glob("*.log")
        lines = log.read_text().splitlines(keepends=True)
        self.assertGreater(len(lines), 3)
        lines[2] = lines[2].replace("SCANNER", "SCANNES", 1) if "SCANNER" in lines[2] else "X" + lines[2][1:]
        log.write_text("".join(lines))
        done = self.gateway.verify_audit()
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("3", done.output)


if __name__ == "__main__":
    unittest.main()
