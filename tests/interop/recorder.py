"""A relay that changes nothing and keeps what passed."""

import threading

from pdu_relay import Relay
from processes import wait_until


class Recorded:
    """What passed over one connection: the PDUs of each side, in their order."""

    def __init__(self):
        self.by_caller, self.by_called, self.ended = [], [], False


class Recorder(Relay):
    def __init__(self):
        self._lock, self._connections = threading.Lock(), []
        super().__init__()

    def _begin(self):
        with self._lock:
            self._connections.append(Recorded())
            return self._connections[-1]

    def _passing(self, connection, by_caller, pdu):
        (connection.by_caller if by_caller else connection.by_called).append(pdu)
        yield pdu

    def _end(self, connection):
        connection.ended = True

    def take(self):
        """The connections since the last time, once all of them have ended; such on which nobody said anything are
        none."""
        wait_until(lambda: all(connection.ended for connection in self._connections), "the end of connections")
        with self._lock:
            taken, self._connections = self._connections, []
        return [connection for connection in taken if connection.by_caller or connection.by_called]
