"""Envelopes that do not parse, or say more of themselves than the limits allow."""
from envelope import FRAGMENT, KEK, Stanza, body_parts, parse, write_stanzas
from keys import u
from records import ADDED, REPLACED, TAKEN_OUT, Change, write_change, write_records
from refusal import Case, flip, with_blob
from sample import Sample
from wire import Path, at_top, text, varint, write_path

TOP = write_path(at_top(0x7FE00010))


def malformed():
    sample = Sample("refused")
    data, envelope = sample.envelope, parse(sample.envelope)
    body, parts = envelope.body_bytes, body_parts(envelope.body)
    for length in (0, 7, 9, 13, 14, 15, 31, 50, 200, len(body) - 1, len(body), len(body) + 63, len(body) + 66,
                   len(data) - 33, len(data) - 1):
        yield Case("malformed", f"cut after {length} bytes", envelope=data[:length])
    yield Case("malformed", "one byte too long", envelope=data + b"\0")
    yield Case("malformed", "two bytes too long", envelope=data + b"\0\0")
    yield Case("malformed", "another magic", envelope=sample.with_body(b"PORTCULK" + body[8:]))

    def change(what, **changed):
        return Case("malformed", what, envelope=sample.with_parts(**changed))

    yield change("codec id is empty", codec_id=text(b""))
    yield change("codec id has a capital", codec_id=text(b"Rabbit-siv"))
    yield change("codec id has an underscore", codec_id=text(b"rabbit_siv"))
    yield change("bit 9 of the bound context", bound=flip(parts["bound"], 0, 2))
    yield change("bit 15 of the bound context", bound=flip(parts["bound"], 0, 128))

    def run(order=0, count=3, kind=FRAGMENT, lengths=b"\x28\x28\x21", path=TOP):
        return u(4, 1) + path + u(1, kind) + u(4, order) + u(4, count) + lengths

    yield change("a varint that is not the shortest", regions=run(lengths=b"\x28\x28\xa1\x00"))
    yield change("a varint of ten bytes", regions=run(lengths=b"\x28\x28" + b"\xff" * 9 + b"\x01"))
    yield change("kind of region 0", regions=run(kind=0))
    yield change("kind of region 4", regions=run(kind=4))
    yield change("item number 2^32", regions=run(path=u(1, 1) + u(4, 0x00880200) + varint(1 << 32) + u(4, 0x7FE00010)))
    longer = u(1, 1) + u(4, 0x00880200) + b"\x80\0" + TOP[1:]
    yield change("item number that is not the shortest", regions=run(path=longer))
    yield change("run without regions", regions=u(4, 2) + run()[4:] + TOP + u(1, 2) + u(4, 3) + u(4, 0))
    yield change("order above the highest", regions=run(order=0xFFFFFFFE))
    yield change("more runs than there are", regions=u(4, 2) + run()[4:], tags=b"", blob_length=b"", sealed_blob=b"")
    yield change("body that ends before the last tag", tags=parts["tags"][:-16], blob_length=b"", sealed_blob=b"")
    yield change("one tag too many", tags=parts["tags"] + bytes(16))
    yield change("blob longer than it is", blob_length=u(4, envelope.body.blob_length + 2))
    yield change("blob shorter than it is", blob_length=u(4, envelope.body.blob_length - 2))
    padded = sample if body_is_padded(parts) else Sample("refused", tenant_tail=b"x")
    yield Case("malformed", "pad is not 0", padded,
               envelope=padded.with_body(parse(padded.envelope).body_bytes[:-1] + b"\1"))
    unpadded = Sample("refused", tenant_tail=b"x") if body_is_padded(parts) else sample
    whole = parse(unpadded.envelope).body_bytes
    yield Case("malformed", "pad of two bytes", unpadded,
               envelope=unpadded.with_body(with_length(whole + b"\0\0", len(whole) + 2)))
    odd = parse(padded.envelope).body_bytes[:-1]
    yield Case("malformed", "body of odd length", padded,
               envelope=padded.with_body(with_length(odd, len(odd))))
    for length in (0, 12, len(body) - 2, len(body) + 2, len(data) + 2, 0xFFFFFFFE):
        yield Case("malformed", f"length of the body {length} instead of {len(body)}",
                   envelope=sample.with_body(with_length(body, length)))
    yield from malformed_stanzas(sample, body)
    yield from malformed_records(sample)


def body_is_padded(parts):
    return sum(map(len, parts.values())) % 2 == 1


def with_length(body, length):
    return body[:10] + u(4, length) + body[14:]


def malformed_stanzas(sample, body):
    good = sample.stanzas[0]
    good_bytes = write_stanzas([good])[2:]

    def change(what, stanzas):
        return Case("malformed", what, envelope=sample.with_body(body, stanzas))

    yield change("no stanza", u(2, 0))
    yield change("fewer stanzas than there are", u(2, 1) + good_bytes * 2)
    yield change("more stanzas than there are", u(2, 3) + good_bytes * 2)
    yield change("stanza of type 0", write_stanzas([Stanza(0, good.name, good.wrapped)]))
    yield change("stanza of type 3 after a good one", write_stanzas([good, Stanza(3, good.name, good.wrapped)]))
    yield change("kek stanza of 48 bytes", write_stanzas([Stanza(KEK, good.name, good.wrapped[:32])]))
    yield change("kek stanza of 64 bytes", write_stanzas([Stanza(KEK, good.name, good.wrapped + bytes(8))]))
    recovery = sample.stanza("recovery")
    for length in (382, 385, 1026):
        wrapped = (recovery.wrapped * 3)[:length]
        yield change(f"recovery stanza of a modulus of {length} bytes after a good one",
                     write_stanzas([good, Stanza(recovery.type, recovery.name, wrapped)]))


def malformed_records(sample):
    yield Case("malformed", "record without a tag", envelope=with_blob(sample, b"\1"))
    yield Case("malformed", "record that ends within its tag", envelope=with_blob(sample, b"\1\0\x10\0"))
    yield Case("malformed", "record longer than the blob",
               envelope=with_blob(sample, b"\1\0\x10\0\x20" + u(4, 2) + b"A"))
    yield Case("malformed", "record very much longer than the blob",
               envelope=with_blob(sample, b"\1\0\x10\0\x20" + u(4, 0xFFFFFFFF) + b"A"))


    yield from malformed_changes(sample)


def malformed_changes(sample):
    top, nested = at_top(0x00280106), Path(((0x00880200, 0),), 0x00280106)
    taken_out = Change(TAKEN_OUT, top, b"US", False, b"\1\2")
    replaced, added = Change(REPLACED, nested, original=b"12", sealed=b"34"), Change(ADDED, top, sealed=b"5")

    def change(what, *changes):
        return Case("malformed", what, envelope=with_blob(sample, write_records({}, changes)))

    yield change("nested record of type 2", taken_out._replace(path=nested))
    yield change("nested record of type 4", added._replace(path=nested))
    yield change("nested value replaced by a longer one", replaced._replace(sealed=b"345"))
    yield change("two records of type 2 with one path", taken_out, taken_out)
    yield change("two records of type 3 with one path, with another between", replaced, added, replaced)
    yield change("records of type 2 and 4 with one path", taken_out, added)
    yield change("a VR of small letters", taken_out._replace(vr=b"us"))
    yield change("a VR of NULs", taken_out._replace(vr=b"\0\0"))
    yield change("undefined length of a US", taken_out._replace(undefined_length=True))
    record = write_change(taken_out._replace(vr=b"SQ"))
    yield Case("malformed", "flag 2", envelope=with_blob(sample, record[:8] + b"\2" + record[9:]))
    for record in map(write_change, (taken_out, replaced, added)):
        for length in (1, 2, len(record) - 1):
            yield Case("malformed", f"record of type {record[0]} cut after {length} bytes",
                       envelope=with_blob(sample, record[:length]))
    endless = write_change(added)[:6] + u(4, 0xFFFFFFFF) + b"5"
    yield Case("malformed", "change very much longer than the blob", envelope=with_blob(sample, endless))


def over_limit():
    sample = Sample("refused")
    body = parse(sample.envelope).body_bytes
    start = sample.envelope
    too_deep = write_path(Path(((0x00880200, 0),) * 33, 0x7FE00010))
    recipe = {"prefix": start.hex(), "repeated_byte": 0, "times": 268435457 - len(start)}
    yield Case("over_limit", "envelope of 2^28 + 1 bytes", envelope_recipe=recipe)

    def run(lengths, count=None, order=0, path=TOP):
        count = len(lengths) if count is None else count
        return path + u(1, FRAGMENT) + u(4, order) + u(4, count) + b"".join(map(varint, lengths))

    def change(what, **changed):
        return Case("over_limit", what, envelope=sample.with_parts(**changed))

    yield change("2^32 + 1 units", regions=u(4, 1) + run([1 << 40] * 1024 + [1]), tags=b"")
    yield change("2^24 + 1 regions in one run", regions=u(4, 1) + run([40], (1 << 24) + 1))
    yield change("2^24 + 1 regions in two runs", regions=u(4, 2) + run([40]) + run([40], 1 << 24, 1))
    yield change("region of 2^40 + 1 bytes", regions=u(4, 1) + run([(1 << 40) + 1]))
    yield change("region of 2^63 - 1 bytes", regions=u(4, 1) + run([(1 << 63) - 1]))
    yield change("path of depth 33", regions=u(4, 1) + run([40, 40, 33], path=too_deep))
    yield change("path of depth 255 that ends there", regions=u(4, 1) + b"\xff", tags=b"", blob_length=b"",
                 sealed_blob=b"")
    yield change("codec id of 33 bytes", codec_id=text(b"a" * 33))
    yield change("blob of 2^26 + 1 bytes", blob_length=u(4, (1 << 26) + 1))
    for count in (9, 0xFFFF):
        yield Case("over_limit", f"{count} stanzas",
                   envelope=sample.with_body(body, u(2, count) + write_stanzas(sample.stanzas)[2:] * 9))
    yield Case("over_limit", "record with a path of depth 33", envelope=with_blob(sample, u(1, REPLACED) + too_deep))
    records = write_records({0x00090000 + i: b"" for i in range(1025)})
    yield Case("over_limit", "1025 values of the recorded context", envelope=with_blob(sample, records))
