"""kill -9 of the gateway while it stores: what the scanner was told is stored is in the archive, and opens."""

import os
import random
import re
import signal
import subprocess
import time

from processes import ENVIRONMENT
from harness import *

ROUNDS = int(os.environ.get("PORTCULLIS_CRASH_ROUNDS", "50"))
IMAGES = 6


class Crash(GatewayTest):
    def begin_storing(self, images):
        command = ["storescu", "-v", "-R", "-aet", "SCANNER", "-aec", "PACS", "127.0.0.1",
                   str(self.gateway.scanner_port), *map(str, images)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT)

    @staticmethod
    def stored_with_success(output, images):
        """Those of the files whose C-STORE was answered with status 0000."""
        sent = re.findall(r"Sending file: (\S+)|Received Store Response \((\w+)\)", output)
        confirmed, current = [], None
        for path, status in sent:
            if path:
                current = path
            elif status == "Success":
                confirmed.append(current)
        return [image for image in images if str(image) in confirmed]

    def round(self, images, moment):
        """Kills the gateway `moment` seconds after the scanner began. What the scanner was told is stored."""
        scanner = self.begin_storing(images)
        time.sleep(moment)
        self.gateway.kill()
        try:
            output, _ = scanner.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            scanner.send_signal(signal.SIGKILL)
            raise
        self.gateway.start()
        return self.stored_with_success(output.decode(errors="replace"), images)

    def duration_of_a_run(self):
        images = fabricated(self.folder / "measured", IMAGES)
        begin = time.monotonic()
        output, _ = self.begin_storing(images).communicate(timeout=60)
        self.assertEqual(len(self.stored_with_success(output.decode(), images)), IMAGES)
        return time.monotonic() - begin

    def test_kill_at_random_moments(self):
        self.start_stack()
        seed = int.from_bytes(os.urandom(4), "big")
        moments = random.Random(seed)
        latest = self.duration_of_a_run()
        confirmed, interrupted = [], 0
        for number in range(ROUNDS):
            with self.subTest(round=number, seed=seed):
                images = fabricated(self.folder / f"round{number}", IMAGES)
                stored = self.round(images, moments.uniform(0, latest))
                interrupted += len(stored) < IMAGES
                confirmed += stored
                latest *= {0: 1.1, IMAGES: 0.9}.get(len(stored), 1)  # how busy the machine is changes
        self.assertGreater(interrupted, ROUNDS // 4, "most kills came too late to matter")
        self.assertGreater(len(confirmed), ROUNDS // 2, "most kills came too early to matter")
        self.check_confirmed(confirmed)
        self.assert_audit_verifies()

    def check_confirmed(self, images):
        stored = self.archive.stored()
        for image in images:
            with self.subTest(image=str(image)):
                self.assertIn(sop_instance_uid(image), stored)
                answer = self.caller("WS1").move(Query.image_of(image), "WS1")
                self.assert_moved(answer, 1)
                self.assert_received(image, self.viewer.received())


if __name__ == "__main__":
    unittest.main()
