#!/usr/bin/python3
"""Copies between one port and another, acknowledging at once: the least that any gateway must do.

    copying_proxy.py PORT ARCHIVE_PORT

One process, two threads per connection. It sets TCP_NODELAY on both sides and TCP_QUICKACK after every receive
(the kernel forgets it), as the gateway does, and reads no byte of what passes.
"""

import socket
import sys
import threading

BUFFER = 1 << 20  # bytes


def copy(source, sink):
    buffer = memoryview(bytearray(BUFFER))
    try:
        while count := source.recv_into(buffer):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            sink.sendall(buffer[:count])
        sink.shutdown(socket.SHUT_WR)
    except OSError:  # one side is gone: so must be the other
        source.close()
        sink.close()


def join(scanner, archive_port):
    archive = socket.create_connection(("127.0.0.1", archive_port))
    for side in (scanner, archive):
        side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=copy, args=(archive, scanner), daemon=True).start()
    copy(scanner, archive)


def main(port, archive_port):
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            scanner, _ = listener.accept()
            threading.Thread(target=join, args=(scanner, archive_port), daemon=True).start()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
