"""A data set or the items of a sequence in another encoding; lengths stay defined or undefined, as they were."""
from dicom import ITEM, ITEM_END, PLAIN, SEQUENCE_END, UNDEFINED, WORDS, Header, Walker, inside, swap
from dicom import write_header


class Recoder:
    """`vr_of`: {tag: VR} for what is in Implicit VR; a tag that is not in it is UN."""

    def __init__(self, data, target, vr_of=None):
        self.walker, self.target, self.vr_of = Walker(data), target, vr_of or {}

    def data_set(self, source):
        out, at = b"", 0
        while at < len(self.walker.data):
            element, at = self.element(at, source, self.target)
            out += element
        return out

    def items(self, header, source, target):
        """What is in a sequence, its delimitation included, and the offset behind it."""
        out, at = b"", header.end
        while header.length == UNDEFINED or at < header.end + header.length:
            item = self.walker.read_header(at, source)
            if item.tag == SEQUENCE_END:
                return out + write_header(SEQUENCE_END, b"", 0, target), item.end
            content, at = self.item(item, source, target)
            length = UNDEFINED if item.length == UNDEFINED else len(content)
            out += write_header(ITEM, b"", length, target) + content
        return out, at

    def item(self, header, source, target):
        out, at = b"", header.end
        while header.length == UNDEFINED or at < header.end + header.length:
            if self.walker.read_header(at, source).tag == ITEM_END:
                return out + write_header(ITEM_END, b"", 0, target), at + 8
            element, at = self.element(at, source, target)
            out += element
        return out, at

    def element(self, at, source, target):
        header = self.walker.read_header(at, source)
        vr = header.vr or self.vr_of.get(header.tag, b"UN")
        content, at = self.content(header, vr, source, target)
        length = UNDEFINED if header.length == UNDEFINED else len(content)
        return write_header(header.tag, vr, length, target) + content, at

    def content(self, header, vr, source, target):
        form = self.walker.form(header._replace(vr=vr if source.explicit else b""), source, None)
        if vr == b"SQ":
            return self.items(header, inside(header.vr, source), target)
        if form == PLAIN:
            end = header.end + header.length
            value = swap(self.walker.data[header.end : end], source, WORDS.get(vr, 1))
            return swap(value, target, WORDS.get(vr, 1)), end
        _, end = self.walker.items(header, form, inside(vr, source), len(self.walker.data), ())
        return self.walker.data[header.end : end], end


def recode_items(value, undefined_length, source, target):
    """The value of a sequence in Explicit VR."""
    header = Header(0, b"SQ", UNDEFINED if undefined_length else len(value), 0)
    return Recoder(value, target).items(header, source, target)[0]
