"""What an archive may do to a sealed object without doing harm."""
import data_sets
import dicom
import random_objects
from dicom import EXPLICIT, FRAGMENTS, IMPLICIT, encoding_of
from random_objects import Fragments, Sequence, even
from recode import Recoder

IMAGE_COMMENTS = 0x00204000  # where the mark stands


def change_encoding(made, file):
    """Native pixels: Implicit VR becomes Explicit VR and the reverse. The file, and what would have become of the
    original."""
    other = EXPLICIT if made.transfer_syntax == IMPLICIT else IMPLICIT
    known = {**dict(vrs(made.elements)), IMAGE_COMMENTS: b"LT"}
    return tuple(written_in(other, made, one, known) for one in (file, random_objects.file_of(made)))


def recode(made, file, transfer_syntax, unknown=()):
    """The file in another native transfer syntax, at any depth. Of Implicit VR, the archive knows the VRs of `made`,
    but not those of private sequences and of the tags in `unknown`."""
    known = {tag: vr for tag, vr in vrs(made.elements) if tag not in unknown and not is_private_sequence(tag, vr)}
    return written_in(transfer_syntax, made, file, known)


def written_in(transfer_syntax, made, file, known):
    read = dicom.parse_file(file)
    data = Recoder(read.data, encoding_of(transfer_syntax), known).data_set(encoding_of(read.transfer_syntax))
    return random_objects.file_of(made._replace(transfer_syntax=transfer_syntax), data)


def vrs(elements):
    for tag, vr, value in elements:
        yield tag, vr
        for item in value.items if isinstance(value, Sequence) else ():
            yield from vrs(item)


def is_private_sequence(tag, vr):
    return vr == b"SQ" and tag >> 16 & 1 == 1


def cut_anew(rng, made, file):
    """Fragments are made even, or, where they are, cut at other places. The file, and what would
    have become of the original."""
    how = even_fragments
    if not has_odd_fragments(made):
        how = rng.choice((one_fragment, fragments_of(rng.randrange(1, 300))))
    sealed = dicom.parse_file(file)
    data = sealed.data
    for element in data_sets.DataSet(data, sealed.transfer_syntax).elements:
        if element.form != FRAGMENTS or element.path.within:
            continue
        values = [sealed.data[at : at + length] for at, length in element.items]
        anew = [(element.path.tag, b"OB", Fragments(values[:1] + how(values[1:])))]
        data = data[: element.start] + random_objects.encode(anew, made.transfer_syntax) + data[element.end :]
    expected = made._replace(elements=with_fragments(made.elements, how))
    return random_objects.file_of(made, data), random_objects.file_of(expected)


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
