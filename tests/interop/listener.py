"""What accepts connections for the nodes that tests make themselves."""

import socket
import threading

from processes import free_port


class Listener:
    """Listens on `port`, a free one of 127.0.0.1, until stop(). A subclass has `_take(caller)`, which is given
    each connection, one after the other; attributes that it needs are set before this __init__."""

    def __init__(self):
        self.port = free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            self._take(caller)
