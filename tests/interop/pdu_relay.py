"""Relays of PDUs, which stand between two nodes.

Unlimited makes a peer without a maximum PDU length of one that has: Debian's tools always announce a limit. Of
the node that it lends its face to, it announces maximum length 0 ("unlimited", PS3.8 D.1) instead of the true one,
and cuts what is too long for that node to size.
"""

import socket
import struct
import threading
from collections import namedtuple

from listener import Listener

ASSOCIATE_RQ, ASSOCIATE_AC, P_DATA = 1, 2, 4
USER_INFORMATION, MAXIMUM_LENGTH = 0x50, 0x51

Pdu = namedtuple("Pdu", "kind body reserved", defaults=(0,))


def read_exactly(stream, size):
    content = bytearray()
    while len(content) < size:
        piece = stream.recv(min(size - len(content), 1 << 20))
        if not piece:
            return None
        content += piece
    return bytes(content)


def read_pdu(stream):
    """None at the end."""
    header = read_exactly(stream, 6)
    if header is None:
        return None
    kind, reserved, length = struct.unpack(">BBI", header)
    body = read_exactly(stream, length)
    return None if body is None else Pdu(kind, body, reserved)


def write_pdu(stream, pdu):
    stream.sendall(struct.pack(">BBI", pdu.kind, pdu.reserved, len(pdu.body)) + pdu.body)


def items(body, start):
    """(type, offset of the value, length) of each item (PS3.8 9.3.2)."""
    while start + 4 <= len(body):
        kind, _, length = struct.unpack(">BBH", body[start:start + 4])
        yield kind, start + 4, length
        start += 4 + length


def take_maximum_length(body):
    """An A-ASSOCIATE body that announces 0, and what it announced."""
    for kind, at, length in items(body, 68):
        if kind != USER_INFORMATION:
            continue
        for sub_kind, sub_at, _ in items(body[:at + length], at):
            if sub_kind == MAXIMUM_LENGTH:
                announced = struct.unpack(">I", body[sub_at:sub_at + 4])[0]
                return body[:sub_at] + bytes(4) + body[sub_at + 4:], announced
    raise RuntimeError("an A-ASSOCIATE without a maximum length")


def cut(body, limit):
    """The PDVs of a P-DATA body, one PDU each, none longer than `limit`."""
    at = 0
    while at < len(body):
        length, context, control = struct.unpack(">IBB", body[at:at + 6])
        data = body[at + 6:at + 4 + length]
        at += 4 + length
        size = (limit - 6) & ~1
        pieces = [data[i:i + size] for i in range(0, len(data), size)] or [b""]
        for piece in pieces:
            last = control & 2 if piece is pieces[-1] else 0
            yield struct.pack(">IBB", len(piece) + 2, context, (control & 1) | last) + piece


class Relay(Listener):
    """Listens on `port` and connects to `target` for each caller. What is passed on is up to a subclass:
    `_begin()` makes whatever knows of one connection, and `_passing(connection, by_caller, pdu)` yields the PDUs
    to send for one that came."""

    def __init__(self, target=None):
        """A target that is not known yet is set before anybody calls."""
        self.target = target
        super().__init__()

    def _take(self, caller):
        threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller):
        try:
            called = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            caller.close()
            return
        with caller, called:
            for stream in (caller, called):
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = self._begin()
            back = threading.Thread(target=self._carry, args=(called, caller, connection, False), daemon=True)
            back.start()
            self._carry(caller, called, connection, True)
            back.join()
            self._end(connection)

    def _end(self, connection):
        """Nothing more will come of it."""

    def _carry(self, source, sink, connection, by_caller):
        while (pdu := self._read(source, sink)) is not None:
            for passed in self._passing(connection, by_caller, pdu):
                self._write(sink, passed)

    @staticmethod
    def _read(stream, opposite):
        """A PDU, or None, and then the opposite is told that no more will come."""
        try:
            pdu = read_pdu(stream)
        except OSError:
            pdu = None
        if pdu is None:
            try:
                opposite.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        return pdu

    @staticmethod
    def _write(stream, pdu):
        try:
            write_pdu(stream, pdu)
        except OSError:
            pass  # the reader of this stream notices the end


class Unlimited(Relay):
    """`of` is "caller" or "called": whose limit it hides. `longest` is the longest PDU that the other node then
    sent."""

    def __init__(self, target, of):
        self.of, self.longest = of, 0
        super().__init__(target)

    def _begin(self):
        return []  # the limit, once it is announced

    def _passing(self, limit, by_caller, pdu):
        if by_caller == (self.of == "caller"):
            yield self._announcing_none(limit, pdu)
        elif pdu.kind == P_DATA:
            self.longest = max(self.longest, len(pdu.body))
            for piece in cut(pdu.body, limit[0]):
                yield Pdu(P_DATA, piece)
        else:
            yield pdu

    def _announcing_none(self, limit, pdu):
        if pdu.kind != (ASSOCIATE_RQ if self.of == "caller" else ASSOCIATE_AC):
            return pdu
        body, announced = take_maximum_length(pdu.body)
        limit.append(announced)
        return Pdu(pdu.kind, body)
