"""Scanners that all have their association open before the first sends: more of them than processes of storescu would
fit on a machine. What they say is made before; nothing is measured of what it costs to make it."""

import asyncio
import struct
import time

from pdu_relay import ASSOCIATE_AC, ASSOCIATE_RQ, P_DATA
from raw_association import C_STORE, RELEASE_RQ, command, pdv, proposal
from tools import EXPLICIT, data_set_of, sop_class_uid, sop_instance_uid

FRAGMENT = 16384 - 12  # bytes, of what most scanners send at once


def pdu(kind, body):
    return struct.pack(">BBI", kind, 0, len(body)) + body


class Image:
    """What is sent of one, again and again under other SOP Instance UIDs."""

    def __init__(self, path):
        self.sop_class, self.uid, self.data = sop_class_uid(path), sop_instance_uid(path), data_set_of(path)

    def message(self, number):
        uid = self.uid[:-8] + f"1{number:07}"
        data = self.data.replace(self.uid.encode(), uid.encode())
        request = command((0x0002, self.sop_class), (0x0100, C_STORE), (0x0110, 1), (0x0700, 0), (0x0800, 1),
                          (0x1000, uid))
        parts = [pdu(P_DATA, pdv(1, 3, request))]
        for at in range(0, len(data), FRAGMENT):
            parts.append(pdu(P_DATA, pdv(1, 2 if at + FRAGMENT >= len(data) else 0, data[at:at + FRAGMENT])))
        return b"".join(parts)


async def read_pdu(reader):
    header = await reader.readexactly(6)
    return header[0], await reader.readexactly(struct.unpack(">I", header[2:])[0])


async def answer(reader):
    kind, body = await read_pdu(reader)
    if kind != P_DATA or b"\0\0\0\x09\x02\0\0\0\0\0" not in body:  # (0000,0900): success
        raise RuntimeError(f"not stored: {kind} {body.hex()}")


class Scanner:
    def __init__(self, image, messages):
        self.image, self.messages = image, messages

    async def open(self, port, called):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        contexts = [(1, self.image.sop_class, [EXPLICIT])]
        self.writer.write(pdu(ASSOCIATE_RQ, proposal(contexts, called=called, calling=b"SCANNER")))
        kind, _ = await read_pdu(self.reader)
        if kind != ASSOCIATE_AC:
            raise RuntimeError(f"no association: {kind}")

    async def send(self):
        for message in self.messages:
            self.writer.write(message)
            await self.writer.drain()
            await answer(self.reader)

    async def close(self):
        self.writer.write(pdu(RELEASE_RQ, bytes(4)))
        await read_pdu(self.reader)
        self.writer.close()


async def _send(scanners, port, called):
    for scanner in scanners:
        await scanner.open(port, called)
    began = time.monotonic()
    await asyncio.gather(*(scanner.send() for scanner in scanners))
    seconds = time.monotonic() - began
    await asyncio.gather(*(scanner.close() for scanner in scanners))
    return seconds


def send_at_once(path, port, called, associations, each):
    """Seconds until each of so many associations has sent so many images."""
    image = Image(path)
    scanners = [Scanner(image, [image.message(each * i + j) for j in range(each)]) for i in range(associations)]
    return asyncio.run(_send(scanners, port, called.encode()))
