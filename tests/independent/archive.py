"""What an archive may do to a sealed object without doing harm."""
import data_sets
import dicom
import random_objects
from dicom import EXPLICIT, FRAGMENTS, IMPLICIT, encoding_of
from random_objects import Fragments, Sequence, even
from recode import Recoder

IMAGE_COMMENTS = 0x00204000  # where the mark stands


def change_encoding(made, file):
    """Native pixels: Implicit VR becomes Explicit VR and the reverse. The file, and what it was made of."""
    other = EXPLICIT if made.transfer_syntax == IMPLICIT else IMPLICIT
    plain = dicom.parse_file(file)
    known = {**dict(vrs(made.elements)), IMAGE_COMMENTS: b"LT"}
    data = Recoder(plain.data, encoding_of(other), known).data_set(encoding_of(plain.transfer_syntax))
    plain_made = made._replace(transfer_syntax=other)
    return random_objects.file_of(plain_made, data), plain_made


def recode(made, file, transfer_syntax, unknown=()):
    """The file in another native transfer syntax, at any depth. Of Implicit VR, the archive knows the VRs of `made`,
    but not those of private sequences and of the tags in `unknown`."""
    plain = dicom.parse_file(file)
    known = {tag: vr for tag, vr in vrs(made.elements) if tag not in unknown and not is_private_sequence(tag, vr)}
    data = Recoder(plain.data, encoding_of(transfer_syntax), known).data_set(encoding_of(plain.transfer_syntax))
    return random_objects.file_of(made._replace(transfer_syntax=transfer_syntax), data)


def vrs(elements):
    for tag, vr, value in elements:
        yield tag, vr
        for item in value.items if isinstance(value, Sequence) else ():
            yield from vrs(item)


def is_private_sequence(tag, vr):
    return vr == b"SQ" and tag >> 16 & 1 == 1


def cut_anew(rng, made, file):
    """Fragments are made even, or, where they are, cut at other places. The file, and what it was made of."""
    how = even_fragments
    if not has_odd_fragments(made):
        how = rng.choice((one_fragment, fragments_of(rng.randrange(1, 300))))
    sealed = dicom.parse_file(file)
    data_set = data_sets.DataSet(sealed.data, sealed.transfer_syntax)
    changes = [(element, how) for element in data_set.elements if element.form == FRAGMENTS and not element.path.within]
    data = sealed.data
    for element, change in changes:
        values = [sealed.data[at : at + length] for at, length in element.items]
        value = Fragments(values[:1] + change(values[1:]))
        anew = random_objects.encode([(element.path.tag, b"OB", value)], made.transfer_syntax)
        data = data[: element.start] + anew + data[element.end :]
    return random_objects.file_of(made, data), made._replace(elements=with_fragments(made.elements, how))


def with_fragments(elements, how):
    return [
        (tag, vr, Fragments(value.values[:1] + how(value.values[1:])) if isinstance(value, Fragments) else value)
        for tag, vr, value in elements
    ]


def even_fragments(values):
    return [even(value, b"\0") for value in values]


def one_fragment(values):
    return [b"".join(values)]


def fragments_of(size):
    def cut(values):
        whole = b"".join(values)
        return [b"", *(whole[at : at + size] for at in range(0, len(whole), size)), b""]

    return cut


def fragments(made):
    """Without the offset table; none for native pixels."""
    values = (value.values for _, _, value in made.elements if isinstance(value, Fragments))
    return next(values, [])[1:]


def has_odd_fragments(made):
    return any(len(value) % 2 for value in fragments(made))
