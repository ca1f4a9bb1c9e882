#!/usr/bin/python3
"""Seals, opens and inspects DICOM files by codec/FORMAT.md alone, sharing no code with Portcullis.

It is slow and careless of its keys: for checking the format, not for patients.
"""
import argparse
import os
import sys
import time
from pathlib import Path

import objects
from data_sets import DataSet, Plan, ignore, open_data_set, outermost_envelope, seal_data_set
from dicom import DicomError, parse_file, write_file
from envelope import parse
from failures import Refused
from keyring import Keyring, KeyringError
from unit_codecs import KNOWN, RABBIT_SIV


def find_codec(codec_id):
    found = [codec for codec in KNOWN.values() if codec.id == codec_id.encode()]
    if not found:
        raise argparse.ArgumentTypeError(f"codecs: {', '.join(c.id.decode() for c in KNOWN.values())}")
    return found[0]


def seal_file(data, keyring, tenant, codec, plan=Plan()):
    file = parse_file(data)

    def sealing(data_set, regions, changes):
        return objects.seal(
            regions,
            data_set.identity(tenant),
            data_set.bound(),
            (data_set.recorded(), changes),
            objects.Origin(b"independent", b"", file.transfer_syntax),
            objects.Fresh(os.urandom(32), os.urandom(32), os.urandom(16), int(time.time() * 1000)),
            codec,
            keyring.signing_key,
            keyring.wrap,
        )

    sealed = seal_data_set(file.data, file.transfer_syntax, sealing, plan)
    return write_file(file.meta, file.transfer_syntax, sealed)


def open_file(data, keyring, tenant, allowed_codecs, report=ignore):
    file = parse_file(data)
    opened = open_data_set(file.data, file.transfer_syntax, keyring, allowed_codecs, tenant, report)
    return write_file(file.meta, file.transfer_syntax, opened)


def inspect_file(data):
    """What can be told without a key."""
    file = parse_file(data)
    found = outermost_envelope(DataSet(file.data, file.transfer_syntax))
    if found is None:
        return "not sealed\n"
    envelope = parse(found[1])
    lines = [f"block {found[0]:02X}, envelope of {len(found[1])} bytes"]
    for name, value in vars(envelope.body).items():
        if name not in ("tags", "sealed_blob"):
            lines.append(f"{name}: {shown(value)}")
    lines += [f"stanza: type {stanza.type}, {stanza.name.hex()}" for stanza in envelope.stanzas]
    return "\n".join(lines) + "\n"


def shown(value):
    if isinstance(value, bytes):
        return value.decode() if value.isascii() and value.decode().isprintable() else value.hex()
    return value


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("open", "seal", "inspect"))
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path, help="the file to write; - is standard output")
    parser.add_argument("--keyring", type=Path, help="not needed to inspect")
    parser.add_argument("--tenant", default="default")
    parser.add_argument("--codec", type=find_codec, help="to seal with, or the only one to open")
    arguments = parser.parse_args()
    if arguments.command != "inspect" and arguments.keyring is None:
        parser.error("--keyring is needed")
    return arguments


def run(arguments):
    data = arguments.file.read_bytes()
    if arguments.command == "inspect":
        return inspect_file(data).encode()
    keyring, tenant = Keyring(arguments.keyring), arguments.tenant.encode()
    if arguments.command == "seal":
        return seal_file(data, keyring, tenant, arguments.codec or RABBIT_SIV)
    codecs = [arguments.codec] if arguments.codec else KNOWN.values()
    return open_file(data, keyring, tenant, {codec.id for codec in codecs}, lambda line: print(line, file=sys.stderr))


def main():
    arguments = parse_arguments()
    try:
        result = run(arguments)
    except (Refused, DicomError, KeyringError, OSError) as error:
        print(f"{arguments.file}: {error}", file=sys.stderr)
        return 1
    if str(arguments.out) == "-":
        sys.stdout.buffer.write(result)
    else:
        arguments.out.write_bytes(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
