"""Audit messages that go to rsyslog: by each transport, and across its absence."""

import re
import threading
import time
import xml.etree.ElementTree as ElementTree

from harness import GatewayTest, fabricated, sop_instance_uid, unittest, wait_until
from pki import Authority
from rsyslog import Rsyslog

HEADER = re.compile(rb"<8[1-5]>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z gate-under-test portcullis - "
                    rb"DICOM\+RFC3881 - \xef\xbb\xbf(<.*>)")


class SyslogTest(GatewayTest):
    def repository(self, name, transport, **options):
        return self.start(Rsyslog(self.folder / name, transport, **options).start())

    def metric(self, name, repository):
        series = f'portcullis_audit_syslog_{name}{{repository="{repository.host}:{repository.port}"}} '
        lines = self.gateway.http("/metrics")[1].splitlines()
        return next((float(line[len(series):]) for line in lines if line.startswith(series)), None)

    def await_empty_queue(self, repository, seconds=60):
        wait_until(lambda: self.metric("queue_records", repository) == 0, "all messages to have arrived", seconds)

    @staticmethod
    def messages(lines):
        """The XML of each, which stands behind a header as it has to be."""
        return [ElementTree.fromstring(HEADER.fullmatch(line)[1]) for line in lines]

    @staticmethod
    def instances(messages):
        """The SOP Instance UIDs of all objects that were transferred."""
        return sorted(instance.get("UID") for message in messages
                      if message.find("EventIdentification/EventID").get("csd-code") == "110104"
                      for instance in message.iter("Instance"))


class Transports(SyslogTest):
    def deliver(self, repository, **more):
        images = fabricated(self.folder / "images", 5, rows=64, columns=64)
        self.start_stack(syslog=repository.as_configured(**more))
        self.store(images)
        self.gateway.stop()  # which sends what is left
        lines = repository.lines()
        messages = self.messages(lines)
        self.assertEqual(len(set(lines)), len(lines))
        types = [one.get("csd-code") for message in messages
                 for one in message.findall("EventIdentification/EventTypeCode")]
        self.assertEqual(types[0], "110120")  # Application Start
        self.assertIn("110121", types)  # Application Stop
        self.assertEqual(self.instances(messages), sorted(map(sop_instance_uid, images)))

    def test_tls(self):
        pair = Authority(self.folder / "pki", "hospital").issue("repository", "IP:127.0.0.1")
        self.deliver(self.repository("rsyslog", "tls", tls=pair), authorities=str(pair.authorities))

    def test_tls_with_a_client_certificate(self):
        authority = Authority(self.folder / "pki", "hospital")
        repository = self.repository("rsyslog", "tls", tls=authority.issue("repository", "DNS:audit.example"),
                                     client="gate.example")
        self.deliver(repository, name="audit.example",
                     **authority.issue("gate", "DNS:gate.example").configuration())

    def test_tcp(self):
        self.deliver(self.repository("rsyslog", "tcp"))

    def test_udp(self):
        self.deliver(self.repository("rsyslog", "udp"))


class Check(SyslogTest):
    def test_check_connects_to_the_repository(self):
        repository = self.repository("rsyslog", "tcp")
        self.start_stack(syslog=repository.as_configured())
        done = self.gateway.command("check", "--connect")
        self.assertIn(f"repository: 127.0.0.1:{repository.port}: answers", done.output)
        repository.stop()
        done = self.gateway.command("check", "--connect")
        self.assertEqual(done.status, 1)
        self.assertIn(f"repository: 127.0.0.1:{repository.port}: no connection", done.output)


class Away(SyslogTest):
    """One repository is away for a while under load, and another never is: in the end both have the same."""

    def setUp(self):
        super().setUp()
        self.images = fabricated(self.folder / "images", 20, rows=64, columns=64)
        self.steady = self.repository("steady", "tcp")
        pair = Authority(self.folder / "pki", "hospital").issue("repository", "IP:127.0.0.1")
        self.absent = self.repository("absent", "tls", tls=pair)
        self.start_stack(syslog=[self.steady.as_configured(),
                                 self.absent.as_configured(authorities=str(pair.authorities))])

    def store_until(self, enough):
        """A scanner stores without end, on another thread; `enough` is called meanwhile."""
        over = threading.Event()
        answers = []

        def scan():
            while not over.is_set():
                answers.extend(self.caller("SCANNER").store(self.images, "+II"))  # each time under new UIDs

        scanner = threading.Thread(target=scan)
        scanner.start()
        try:
            enough()
        finally:
            over.set()
            scanner.join()
        self.assert_stored(answers, len(answers) * len(self.images))

    def assert_all_arrived(self, away):
        """`away`: of how many outages the audit tells."""
        for repository in (self.steady, self.absent):
            self.await_empty_queue(repository)
        self.gateway.stop()
        steady, absent = self.steady.lines(), self.absent.lines()
        self.assertEqual(len(set(steady)), len(steady))
        self.assertEqual(set(absent), set(steady))  # a repeat is the same bytes, and counts as one
        self.assertEqual(self.instances(self.messages(set(absent))), sorted(self.archive.stored()))
        told = [record["outcome"] for record in self.gateway.audit_records()
                if record["event"] == "failure" and record["reason"] == "syslog"]
        self.assertEqual(told, ["away", "back"] * away)
        self.assert_audit_verifies()

    def load_beside(self, leave):
        def enough():
            wait_until(lambda: len(self.absent.lines()) > 20, "the first messages")
            leave()
            time.sleep(3)
            self.absent.start()
            time.sleep(1)
        self.store_until(enough)

    def test_stopped_and_started(self):
        self.load_beside(self.absent.stop)
        self.assert_all_arrived(away=1)

    def test_killed_and_started(self):
        self.load_beside(self.absent.kill)
        self.assert_all_arrived(away=1)

    def test_killed_again_and_again(self):
        def enough():
            for _ in range(6):
                time.sleep(1.5)
                self.absent.kill()
                self.absent.start()
        self.store_until(enough)
        self.assert_all_arrived(away=1)

    def test_the_gateway_is_killed_meanwhile(self):
        self.absent.kill()
        self.store_until(lambda: time.sleep(2))
        self.gateway.kill()
        self.gateway.start()
        self.store_until(lambda: time.sleep(1))
        self.absent.start()
        for repository in (self.steady, self.absent):
            self.await_empty_queue(repository, 90)
        self.gateway.stop()
        self.assertEqual(set(self.absent.lines()), set(self.steady.lines()))
        self.assert_audit_verifies()


if __name__ == "__main__":
    unittest.main()
