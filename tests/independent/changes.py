"""What sealing changes in a data set besides its regions: doing it, and undoing it."""
from dicom import EXPLICIT_LITTLE, PLAIN, SEQUENCE, UNDEFINED, WORDS, encoding_of, swap, write_element, write_header
from recode import recode_items
from records import ADDED, REPLACED, TAKEN_OUT, Change
from wire import at_top


def stripped(value):
    return value.rstrip(b" \0")


def groups_of(changes):
    """Those whose group length is not true any more."""
    return {change.path.tag >> 16 for change in changes if not change.path.within}


class Editor:
    """Changes values of the same length where they stand, and whole elements of the top level."""

    def __init__(self, data_set):
        self.data_set, self.patches, self.top = data_set, [], {}

    def replace(self, element, value):
        """`value` is in Little Endian."""
        if not element.path.within:
            tag = element.path.tag
            self.top[tag] = write_element(tag, element.vr, value, element.encoding)
        elif len(value) == element.end - element.value:
            self.patches.append((element.value, swap(value, element.encoding, WORDS.get(element.vr, 1))))
        else:
            return False
        return True

    def result(self, groups):
        """The data set; of the group lengths of these groups only those that were put back."""
        elements = {**dict(self.data_set.with_values(self.patches)), **self.top}
        lengths = {group << 16 for group in groups}
        return b"".join(data for tag, data in sorted(elements.items()) if tag not in lengths or self.top.get(tag))


# Sealing


def make_changes(data_set, plan):
    """The changed data set and what was changed. What is not there is not taken out and not replaced."""
    editor, changes = Editor(data_set), []
    for tag in sorted(plan.taken_out):
        element = data_set.find(at_top(tag))
        if element is not None:
            changes.append(taken_out(data_set, element))
            editor.top[tag] = b""
    for path, value in sorted(plan.replaced.items()):
        element = data_set.find(path)
        if element is not None and element.form == PLAIN and editor.replace(element, value):
            changes.append(Change(REPLACED, path, original=data_set.canonical(element), sealed=value))
    for tag, (vr, value) in sorted(plan.added.items()):
        if data_set.find(at_top(tag)) is None:
            changes.append(Change(ADDED, at_top(tag), sealed=value))
            editor.top[tag] = write_element(tag, vr, value, data_set.encoding)
    return editor.result(groups_of(changes)), changes


def taken_out(data_set, element):
    header = data_set.data[element.start : element.value]
    is_undefined = header.endswith(b"\xff" * 4)
    value = data_set.canonical(element)
    vr = element.vr or (b"SQ" if element.form == SEQUENCE else b"UN")
    if element.vr == b"SQ":
        value = recode_items(value, is_undefined, element.encoding, EXPLICIT_LITTLE)
    return Change(TAKEN_OUT, element.path, vr, is_undefined, value)


# Opening


def undo_changes(data_set, changes, original_syntax, report):
    """The data set without the changes. `report(text)` is told of what was left alone."""
    editor = Editor(data_set)
    for change in changes:
        element = data_set.find(change.path)
        if change.type == TAKEN_OUT:
            original, tag = encoding_of(original_syntax), change.path.tag
            is_stale = tag & 0xFFFF == 0 and original != data_set.encoding
            editor.top[tag] = b"" if is_stale else element_taken_out(change, original, data_set.encoding)
        elif not is_as_sealed(data_set, element, change):
            report(f"{change.path.tag:08X} was edited and is left alone")
        elif change.type == ADDED:
            editor.top[change.path.tag] = b""
        elif not editor.replace(element, change.original):
            report(f"{change.path.tag:08X} has another length and is left alone")
    return editor.result(groups_of(changes))


def is_as_sealed(data_set, element, change):
    if element is None or element.form != PLAIN:
        return False
    return stripped(data_set.canonical(element)) == stripped(change.sealed)


def element_taken_out(change, original, target):
    """The element in the encoding of the object that came back."""
    vr, value = change.vr, change.original
    if vr == b"SQ" and original.explicit and target != EXPLICIT_LITTLE:
        value = recode_items(value, change.undefined_length, EXPLICIT_LITTLE, target)
    elif vr == b"SQ" and target.explicit and not original.explicit:
        vr = b"UN"
    if vr not in (b"SQ", b"UN"):
        return write_element(change.path.tag, vr, value, target)
    length = UNDEFINED if change.undefined_length else len(value)
    return write_header(change.path.tag, vr, length, target) + value
