"""An archive that takes objects in every transfer syntax; those of DCMTK and Orthanc refuse some that they accepted."""

import struct

from listener import Listener
from pdu_relay import ASSOCIATE_AC, P_DATA, USER_INFORMATION, Pdu, items, read_pdu, write_pdu
from raw_association import RELEASE_RQ, command, item, pdv
from spoken import (NEGOTIATED_CONTEXT, PROPOSED_CONTEXT, TRANSFER_SYNTAX, elements_of_command, fragments_in)

C_STORE_RSP, RELEASE_RP, SUCCESS, NO_DATA_SET = 0x8001, 6, 0, 0x0101


def answer_to(proposal):
    """Accepts each context, in its first transfer syntax."""
    body = proposal[:68]
    for kind, at, length in items(proposal, 68):
        value = proposal[at:at + length]
        if kind == PROPOSED_CONTEXT:
            syntax = next(value[start:start + size] for sub, start, size in items(value, 4) if sub == TRANSFER_SYNTAX)
            value = bytes([value[0], 0, 0, 0]) + item(TRANSFER_SYNTAX, syntax)
            body += item(NEGOTIATED_CONTEXT, value)
        elif kind == USER_INFORMATION:
            body += item(kind, item(0x51, struct.pack(">I", 16384)) + item(0x52, "1.2.826.0.1.3680043.2.1125.8"))
        else:
            body += item(kind, value)
    return body


class TakesAll(Listener):
    """Keeps what it is sent: `data_sets`, in their order."""

    def __init__(self):
        self.data_sets = []
        super().__init__()

    def _take(self, caller):
        with caller:
            write_pdu(caller, Pdu(ASSOCIATE_AC, answer_to(read_pdu(caller).body)))
            parts = {True: b"", False: b""}
            while (pdu := read_pdu(caller)) is not None and pdu.kind == P_DATA:
                for context, is_command, is_last, data in fragments_in(pdu.body):
                    parts[is_command] += data
                    if is_last and not is_command:
                        self.data_sets.append(parts[False])
                        write_pdu(caller, Pdu(P_DATA, pdv(context, 3, self._stored(parts[True]))))
                        parts = {True: b"", False: b""}
            if pdu is not None and pdu.kind == RELEASE_RQ:
                write_pdu(caller, Pdu(RELEASE_RP, bytes(4)))

    def _stored(self, request):
        message_id, = struct.unpack("<H", elements_of_command(request)[(0, 0x0110), 0])
        return command((0x0100, C_STORE_RSP), (0x0120, message_id), (0x0800, NO_DATA_SET), (0x0900, SUCCESS))
