"""A store that ends before its object does leaves nothing in the archive."""

import re
import socket
import threading

from harness import *
from listener import Listener


class CutOff(Listener):
    """Passes so many bytes of its caller on to `target`, and then closes both connections."""

    def __init__(self, target, size):
        self.target, self.size = target, size
        super().__init__()

    def _take(self, caller):
        with caller, socket.create_connection(("127.0.0.1", self.target)) as called:
            back = threading.Thread(target=self._back, args=(called, caller), daemon=True)
            back.start()
            left = self.size
            while left and (piece := caller.recv(min(left, 1 << 16))):
                called.sendall(piece)
                left -= len(piece)
            for stream in (called, caller):
                stream.shutdown(socket.SHUT_RDWR)
            back.join()

    @staticmethod
    def _back(called, caller):
        try:
            while piece := called.recv(1 << 16):
                caller.sendall(piece)
        except OSError:
            pass


class AbortedStore(GatewayTest):
    def check(self, make_archive):
        """The scanner vanishes in the middle, and the gateway aborts; the next store finds nothing in its way."""
        self.start_stack(make_archive)
        image, = fabricated(self.folder / "images", 1, rows=2000, columns=1500)
        entrance = self.start(CutOff(self.gateway.scanner_port, image.stat().st_size // 2))
        answer, = self.caller("SCANNER", entrance.port).store([image])
        self.assertEqual(answer.statuses(), [])
        wait_until(lambda: re.search("Store SCP Failed.*Peer aborted", self.archive.daemon.output()),
                   "the archive to hear of the abort", 5)
        self.assertEqual(self.archive.stored(), {})
        self.store([image])
        self.assertEqual(list(self.archive.stored()), [sop_instance_uid(image)])
        self.assert_moved(self.move(image), 1)
        self.assert_received(image, self.viewer.received())

    def test_dcmqrscp(self):
        self.check(Dcmqrscp)

    def test_orthanc(self):
        self.check(Orthanc)


if __name__ == "__main__":
    unittest.main()
