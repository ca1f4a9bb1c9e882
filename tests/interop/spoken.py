"""What was said on an association, taken apart: every field of every PDU, every command element, every element of
every data set, each under a name. Nothing is left out, reserved bytes included; parts are dicts, in their order."""

import struct
import sys
from collections import namedtuple
from os.path import dirname, join

sys.path.append(join(dirname(__file__), "..", "independent"))

from dicom import DEFLATED, FRAGMENTS, PLAIN, UNDEFINED, DicomError, inflate, parse_data_set  # noqa: E402
from wire import Path  # noqa: E402

from pdu_relay import ASSOCIATE_AC, ASSOCIATE_RQ, P_DATA, USER_INFORMATION, items  # noqa: E402

NAMES = {ASSOCIATE_RQ: "A-ASSOCIATE-RQ", ASSOCIATE_AC: "A-ASSOCIATE-AC", 3: "A-ASSOCIATE-RJ", 5: "A-RELEASE-RQ",
         6: "A-RELEASE-RP", 7: "A-ABORT"}
APPLICATION_CONTEXT, ABSTRACT_SYNTAX, TRANSFER_SYNTAX = 0x10, 0x30, 0x40
PROPOSED_CONTEXT, NEGOTIATED_CONTEXT = 0x20, 0x21
USER_ITEMS = {0x51: "maximum length", 0x52: "implementation class UID", 0x53: "asynchronous operations window",
              0x54: "role selection", 0x55: "implementation version name", 0x56: "extended negotiation",
              0x57: "common extended negotiation", 0x58: "user identity", 0x59: "answer to the user identity"}
OF_A_CLASS = {0x54, 0x56, 0x57}

COMMANDS = {0x0001: "C-STORE", 0x0010: "C-GET", 0x0020: "C-FIND", 0x0021: "C-MOVE", 0x0030: "C-ECHO",
            0x0100: "N-EVENT-REPORT", 0x0110: "N-GET", 0x0120: "N-SET", 0x0130: "N-ACTION", 0x0140: "N-CREATE",
            0x0150: "N-DELETE", 0x0FFF: "C-CANCEL"}
COMMAND_FIELD, DATA_SET_TYPE, GROUP_LENGTH, NO_DATA_SET = (0, 0x0100), (0, 0x0800), (0, 0), 0x0101


def put(parts, name, value):
    """Under this name, or that with a number if there is one already: names are (name, which one)."""
    number = 0
    while (name, number) in parts:
        number += 1
    parts[name, number] = value


def parts_of_context(kind, body):
    parts = {("id", 0): body[0]}
    rejected = kind == NEGOTIATED_CONTEXT and body[2] != 0
    put(parts, "reserved byte", body[1])
    put(parts, "result" if kind == NEGOTIATED_CONTEXT else "reserved byte", body[2])
    put(parts, "reserved byte", body[3])
    for kind, at, length in items(body, 4):
        if kind == ABSTRACT_SYNTAX:
            put(parts, "abstract syntax", body[at:at + length])
        elif kind == TRANSFER_SYNTAX:
            put(parts, "transfer syntax where it is rejected" if rejected else "transfer syntax",
                body[at:at + length])
        else:
            put(parts, f"item {kind:02X}", body[at:at + length])
    return parts


def parts_of_user_information(body):
    parts = {}
    for kind, at, length in items(body, 0):
        value = body[at:at + length]
        if kind in OF_A_CLASS:
            size, = struct.unpack(">H", value[:2])
            parts[USER_ITEMS[kind], value[2:2 + size]] = value
        else:
            put(parts, USER_ITEMS.get(kind, f"user item {kind:02X}"), value)
    return parts


def parts_of_associate(body):
    parts = {}
    for name, begin, end in (("protocol version", 0, 2), ("reserved bytes", 2, 4), ("called AE title", 4, 20),
                             ("calling AE title", 20, 36), ("reserved bytes", 36, 68)):
        put(parts, name, body[begin:end])
    for kind, at, length in items(body, 68):
        value = body[at:at + length]
        if kind in (PROPOSED_CONTEXT, NEGOTIATED_CONTEXT):
            parts["presentation context", value[0]] = parts_of_context(kind, value)
        elif kind == USER_INFORMATION:
            put(parts, "user information", parts_of_user_information(value))
        else:
            put(parts, "application context" if kind == APPLICATION_CONTEXT else f"item {kind:02X}", value)
    return parts


# Of unknown VR where the data set is Implicit: those of storage commitment.
SEQUENCES = {Path((), 0x00081198), Path((), 0x00081199)}

Element = namedtuple("Element", "vr value")


def name_of(path):
    """As a name is made: the items by their numbers in the second part."""
    tags = [tag for tag, _ in path.within] + [path.tag]
    return ".".join(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in tags), tuple(item for _, item in path.within)


def parts_of_data_set(data, transfer_syntax):
    """Of a sequence: which of its items say how long they are."""
    parts = {}
    try:
        if transfer_syntax == DEFLATED:
            put(parts, "deflated", data)
            data = inflate(data)
        elements = parse_data_set(data, transfer_syntax, SEQUENCES)
    except DicomError:
        return {("bytes", 0): data}
    for element in elements:
        value = data[element.value:element.end]
        if element.form == FRAGMENTS:
            lengths = [length for _, length in element.items]
            whole = {("lengths of fragments", 0): lengths, ("bytes", 0): value}
        elif element.form == PLAIN:
            whole = value
        else:
            whole = [length == UNDEFINED for _, length in element.items]
        parts[name_of(element.path)] = Element(element.vr, whole)
    return parts


def elements_of_command(command):
    """Tag -> value. The group length counts for what it is off."""
    found, at = {}, 0
    while at < len(command):
        group, element, length = struct.unpack("<HHI", command[at:at + 8])
        put(found, (group, element), command[at + 8:at + 8 + length])
        at += 8 + length
    stated, = struct.unpack("<I", found[GROUP_LENGTH, 0])
    found[GROUP_LENGTH, 0] = stated - (len(command) - 12)
    return found


class Message:
    """A command, and the data set behind it; and in how many fragments they came."""

    def __init__(self, context, command, transfer_syntax):
        self.context, self.transfer_syntax = context, transfer_syntax
        self.elements = elements_of_command(command)
        field, = struct.unpack("<H", self.elements[COMMAND_FIELD, 0])
        self.name = COMMANDS.get(field & 0x7FFF, f"{field:04X}") + ("-RSP" if field & 0x8000 else "-RQ")
        announced, = struct.unpack("<H", self.elements[DATA_SET_TYPE, 0])
        self.has_data_set = announced != NO_DATA_SET
        self.data_set, self.fragments = b"", 0  # of the data set

    def parts(self):
        parts = {("presentation context id", 0): self.context}
        for ((group, element), number), value in self.elements.items():
            parts[f"({group:04X},{element:04X})", number] = value
        parts["number of fragments", 0] = self.fragments
        if self.has_data_set:
            parts["data set", 0] = parts_of_data_set(self.data_set, self.transfer_syntax)
        return parts


def agreed_syntaxes(pdus):
    """Context id -> transfer syntax, of the A-ASSOCIATE-AC among these."""
    for pdu in pdus:
        if pdu.kind == ASSOCIATE_AC:
            contexts = (parts for (name, _), parts in parts_of_associate(pdu.body).items()
                        if name == "presentation context")
            return {parts["id", 0]: parts["transfer syntax", 0].rstrip(b"\0")
                    for parts in contexts if parts["result", 0] == 0}
    return {}


def fragments_in(body):
    """(context, is a command, is the last, bytes) of each PDV."""
    at = 0
    while at < len(body):
        length, context, control = struct.unpack(">IBB", body[at:at + 6])
        yield context, bool(control & 1), bool(control & 2), body[at + 6:at + 4 + length]
        at += 4 + length


def said_by(pdus, syntaxes):
    """What one side said."""
    parts, command, messages = {}, b"", []
    for pdu in pdus:
        if pdu.kind in (ASSOCIATE_RQ, ASSOCIATE_AC):
            put(parts, NAMES[pdu.kind], parts_of_associate(pdu.body))
        elif pdu.kind != P_DATA:
            put(parts, NAMES[pdu.kind], {("bytes", 0): pdu.body})
        else:
            for context, is_command, is_last, data in fragments_in(pdu.body):
                if not is_command:
                    messages[-1].data_set += data
                    messages[-1].fragments += 1
                    continue
                command += data
                if is_last:
                    messages.append(Message(context, command, syntaxes.get(context, b"")))
                    command = b""
        if pdu.reserved:
            put(parts, "reserved byte of a PDU", pdu.reserved)
    for message in messages:
        put(parts, message.name, message.parts())
    put(parts, "number of P-DATA-TFs", sum(pdu.kind == P_DATA for pdu in pdus))
    return parts


def what_was_said(recorded):
    """Of a recorded connection, by both sides."""
    syntaxes = agreed_syntaxes(recorded.by_called)
    parts = said_by(recorded.by_caller, syntaxes)
    for (name, _), value in said_by(recorded.by_called, syntaxes).items():
        put(parts, name, value)
    return parts
