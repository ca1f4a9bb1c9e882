"""Why an object does not open: the names of codec/FORMAT.md, "Order of checks"."""

NAMES = frozenset(
    "over_limit malformed unknown_version unsupported_mode codec_not_allowed no_key no_study_secret bad_commitment"
    " bad_mac bad_signature unknown_signer bad_tag bad_context bad_count".split()
)


class Refused(Exception):
    def __init__(self, name, detail=""):
        assert name in NAMES, name
        super().__init__(name + (": " + detail if detail else ""))
        self.name = name
