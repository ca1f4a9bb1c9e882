"""A peer without a maximum PDU length, made of one that has: Debian's tools always announce a limit.

The relay stands between two nodes. Of the node that it lends its face to, it announces maximum length 0
("unlimited", PS3.8 D.1) instead of the true one, and cuts what is too long for that node to size.
"""

import socket
import struct
import threading

from listener import Listener

ASSOCIATE_RQ, ASSOCIATE_AC, P_DATA = 1, 2, 4
USER_INFORMATION, MAXIMUM_LENGTH = 0x50, 0x51


def read_exactly(stream, size):
    content = bytearray()
    while len(content) < size:
        piece = stream.recv(min(size - len(content), 1 << 20))
        if not piece:
            return None
        content += piece
    return bytes(content)


def read_pdu(stream):
    """(type, body), or None at the end."""
    header = read_exactly(stream, 6)
    if header is None:
        return None
    body = read_exactly(stream, struct.unpack(">I", header[2:])[0])
    return None if body is None else (header[0], body)


def write_pdu(stream, kind, body):
    stream.sendall(struct.pack(">BBI", kind, 0, len(body)) + body)


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


class Unlimited(Listener):
    """Listens on `port` and connects to `target` for each caller. `of` is "caller" or "called": whose limit it
    hides. `longest` is the longest PDU that the other node then sent."""

    def __init__(self, target, of):
        self.target, self.of, self.longest = target, of, 0
        super().__init__()

    def _take(self, caller):
        threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller):
        with caller, socket.create_connection(("127.0.0.1", self.target)) as called:
            for stream in (caller, called):
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            limited, other = (caller, called) if self.of == "caller" else (called, caller)
            limit = []
            outward = threading.Thread(target=self._outward, args=(limited, other, limit), daemon=True)
            outward.start()
            self._inward(other, limited, limit)
            outward.join()

    def _outward(self, limited, other, limit):
        """From the limited node: its announcement becomes 0."""
        announcement = ASSOCIATE_RQ if self.of == "caller" else ASSOCIATE_AC
        while (pdu := self._read(limited, other)) is not None:
            kind, body = pdu
            if kind == announcement:
                body, announced = take_maximum_length(body)
                limit.append(announced)
            self._write(other, kind, body)

    def _inward(self, other, limited, limit):
        while (pdu := self._read(other, limited)) is not None:
            kind, body = pdu
            if kind != P_DATA:
                self._write(limited, kind, body)
                continue
            self.longest = max(self.longest, len(body))
            for piece in cut(body, limit[0]):
                self._write(limited, kind, piece)

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
    def _write(stream, kind, body):
        try:
            write_pdu(stream, kind, body)
        except OSError:
            pass  # the reader of this stream notices the end
