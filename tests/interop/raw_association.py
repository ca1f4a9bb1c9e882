"""An association by hand: what no tool of DCMTK's proposes."""

import socket
import struct
import time

from pdu_relay import ASSOCIATE_AC, ASSOCIATE_RQ, P_DATA, USER_INFORMATION, Pdu, read_pdu, write_pdu
from spoken import (ABSTRACT_SYNTAX, APPLICATION_CONTEXT, COMMAND_FIELD, PROPOSED_CONTEXT, TRANSFER_SYNTAX,
                    agreed_syntaxes, elements_of_command, fragments_in)

RELEASE_RQ, ABORT = 5, 7
VERIFICATION, STUDY_ROOT_FIND = "1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.2.2.1"
IMPLICIT = "1.2.840.10008.1.2"
APPLICATION_CONTEXT_NAME = "1.2.840.10008.3.1.1.1"
C_STORE, C_FIND, C_MOVE, C_ECHO, C_CANCEL = 0x0001, 0x0020, 0x0021, 0x0030, 0x0FFF
ECHO_CONTEXT = (1, VERIFICATION, [IMPLICIT])
PENDING = (0xFF00, 0xFF01)


def item(kind, value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">BBH", kind, 0, len(value)) + value


def class_item(kind, sop_class, value):
    """Of those that begin with a SOP class."""
    return item(kind, struct.pack(">H", len(sop_class)) + sop_class.encode() + value)


def role(sop_class, scu, scp):
    return class_item(0x54, sop_class, bytes([scu, scp]))


def extended(sop_class, information):
    return class_item(0x56, sop_class, information)


def common_extended(sop_class, service_class):
    return class_item(0x57, sop_class, struct.pack(">H", len(service_class)) + service_class.encode() + bytes(2))


def window(invoked, performed):
    return item(0x53, struct.pack(">HH", invoked, performed))


def user_identity(kind, primary, secondary=b"", wants_answer=False):
    return item(0x58, struct.pack(">BBH", kind, wants_answer, len(primary)) + primary +
                struct.pack(">H", len(secondary)) + secondary)


def proposal(contexts=(ECHO_CONTEXT,), *user_items, maximum_length=16384, called=b"PACS", calling=b"WS1",
             application_context=APPLICATION_CONTEXT_NAME, version=1, reserved=bytes(32), more_items=b""):
    """The body of an A-ASSOCIATE-RQ. `contexts`: (id, abstract syntax, transfer syntaxes)."""
    body = struct.pack(">H2x16s16s", version, called.ljust(16), calling.ljust(16)) + reserved
    body += item(APPLICATION_CONTEXT, application_context)
    for number, abstract_syntax, transfer_syntaxes in contexts:
        syntaxes = b"".join(item(TRANSFER_SYNTAX, syntax) for syntax in transfer_syntaxes)
        body += item(PROPOSED_CONTEXT, bytes([number, 0, 0, 0]) + item(ABSTRACT_SYNTAX, abstract_syntax) + syntaxes)
    user = item(0x51, struct.pack(">I", maximum_length)) + item(0x52, "1.2.826.0.1.3680043.2.1125.7")
    return body + item(USER_INFORMATION, user + b"".join(user_items)) + more_items


def command(*elements):
    """Of (element of group 0000, value) pairs, in this order; numbers have two bytes."""
    content = b""
    for element, value in elements:
        value = struct.pack("<H", value) if isinstance(value, int) else value.encode()
        value += bytes(len(value) % 2)
        content += struct.pack("<HHI", 0, element, len(value)) + value
    return struct.pack("<HHII", 0, 0, 4, len(content)) + content


def request(field, sop_class, message_id, has_data_set, *more):
    return command((0x0002, sop_class), (0x0100, field), (0x0110, message_id), *more,
                   (0x0800, 0x0001 if has_data_set else 0x0101))


def pdv(context, control, data):
    return struct.pack(">IBB", len(data) + 2, context, control) + data


class RawAssociation:
    def __init__(self, port, body):
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.send(ASSOCIATE_RQ, body)
        self.answer = read_pdu(self.stream)
        self.accepted = self.answer is not None and self.answer.kind == ASSOCIATE_AC

    def accepts(self, context):
        return context in agreed_syntaxes([self.answer] if self.answer else [])

    def send(self, kind, body):
        write_pdu(self.stream, Pdu(kind, body))

    def say(self, context, command_set, data_set=b""):
        self.send(P_DATA, pdv(context, 3, command_set))
        if data_set:
            self.send(P_DATA, pdv(context, 2, data_set))

    def statuses(self):
        """Of the responses, as they come, until the end."""
        gathered = b""
        while (pdu := read_pdu(self.stream)) is not None and pdu.kind == P_DATA:
            for _, is_command, is_last, data in fragments_in(pdu.body):
                gathered += data if is_command else b""
                if is_command and is_last:
                    elements, gathered = elements_of_command(gathered), b""
                    if status := elements.get(((0, 0x0900), 0)):
                        yield struct.unpack("<H", status)[0]

    def hear(self):
        """Until a response that is not pending, or the end; its status."""
        return next((status for status in self.statuses() if status not in PENDING), None)

    def cancel_after_one_answer(self, wait, context, message_id):
        """`wait`: seconds after the first response."""
        next(self.statuses(), None)
        time.sleep(wait)
        self.say(context, command((0x0100, C_CANCEL), (0x0120, message_id), (0x0800, 0x0101)))
        return self.hear()

    def echo(self, context=1, message_id=1):
        self.say(context, request(C_ECHO, VERIFICATION, message_id, False))
        return self.hear()

    def release(self):
        """Asks for it, and waits for the answer and for the end."""
        self.send(RELEASE_RQ, bytes(4))
        while read_pdu(self.stream) is not None:
            self.stream.shutdown(socket.SHUT_WR)
        self.close()

    def close(self):
        self.stream.close()
