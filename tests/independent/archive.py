"""What an archive may do to a sealed object without doing harm."""
import data_sets
import dicom
import random_objects
from dicom import EXPLICIT, FRAGMENTS, IMPLICIT
from random_objects import Fragments, Made, even


def sealed_elements(made, file):
    """The elements of `made` with the values that they have in the sealed file, and our block as UN."""
    sealed = dicom.parse_file(file)
    data_set = data_sets.DataSet(sealed.data, sealed.transfer_syntax)
    elements = {tag: (tag, vr, value) for tag, vr, value in made.elements}
    for element in data_set.elements:
        tag = element.path.tag
        if element.form == FRAGMENTS:
            value = Fragments([sealed.data[at : at + length] for at, length in element.items])
            elements[tag] = (tag, b"OB", value)
        elif tag in data_sets.PIXELS or tag not in elements:
            vr = elements.get(tag, (tag, b"UN"))[1]
            elements[tag] = (tag, vr, data_set.value(tag))
    return list(elements.values())


def change_encoding(made, file):
    """Native pixels: Implicit VR becomes Explicit VR and the reverse. The file, and what it was made of."""
    other = EXPLICIT if made.transfer_syntax == IMPLICIT else IMPLICIT
    returned = Made(sealed_elements(made, file), other)
    return random_objects.file_of(returned), made._replace(transfer_syntax=other)


def cut_anew(rng, made, file):
    """Fragments are made even, or, where they are, cut at other places. The file, and what it was made of."""
    how = even_fragments
    if not has_odd_fragments(made):
        how = rng.choice((one_fragment, fragments_of(rng.randrange(1, 300))))
    returned = Made(with_fragments(sealed_elements(made, file), how), made.transfer_syntax)
    return random_objects.file_of(returned), made._replace(elements=with_fragments(made.elements, how))


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
