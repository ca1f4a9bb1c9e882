"""What is said to an archive, straight or through the gateway: with DCMTK's tools, and by hand."""

from print_management import PrintJob
from processes import run, wait_until
from profiles import NATIVE
from raw_association import (C_FIND, C_MOVE, ECHO_CONTEXT, IMPLICIT, STUDY_ROOT_FIND, VERIFICATION, RawAssociation,
                             common_extended, extended, item, proposal, request, role, user_identity, window)
from tools import EXPLICIT, Peer, Query, sop_class_uid, transfer_syntax

CT, MR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"
STUDY_ROOT_MOVE, STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.2", "1.2.840.10008.5.1.4.1.2.2.3"
WORKLIST = "1.2.840.10008.5.1.4.31"
JPIP = "1.2.840.10008.1.2.4.94"  # which the gateway does not carry
JPEG, MPEG4 = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.102"
PRIVATE = "1.2.826.0.1.3680043.2.1125.9.1"
PAUSE = 1  # seconds that whoever is slow takes over each answer


def identifier(*elements):
    """In Implicit VR, of (tag, value) pairs."""
    content = b""
    for tag, value in elements:
        value += b" " * (len(value) % 2)
        content += bytes.fromhex(f"{tag >> 16:04x}")[::-1] + bytes.fromhex(f"{tag & 0xFFFF:04x}")[::-1]
        content += len(value).to_bytes(4, "little") + value
    return content


class Conversation:
    """`port`: of the archive, or what stands before it. `folder`: a scratch folder. `images`: what is stored.
    `receiver`: who may be called."""

    def __init__(self, port, folder, images, receiver):
        self.port, self.folder, self.images, self.receiver = port, folder, images, receiver
        self.peer = Peer("WS1", port)

    def _tool(self, name, *words):
        return run([name, "-aet", "WS1", "-aec", "PACS", *words, "127.0.0.1", self.port])

    # ---- by DCMTK's tools

    def echo(self):
        self._tool("echoscu")

    def echo_twice_with_many_contexts(self):
        self._tool("echoscu", "--propose-ts", 38, "--propose-pc", 128, "--repeat", 2)

    def echo_and_abort(self):
        self._tool("echoscu", "--abort")

    def store(self):
        for image in self.images:
            self.peer.store_as_it_is(image, sop_class_uid(image))

    def store_again_as_somebody(self):
        self.peer.store(self.images[:1], "--user", "röntgen", "--password", "secret")

    def store_with_the_longest_pdus(self):
        self.peer.store(self.images[:1], "-pdu", "131072")

    def find_studies(self):
        self.peer.find(Query("STUDY", ""), "PatientName", "StudyDate", "NumberOfStudyRelatedInstances")

    def find_an_image(self):
        self.peer.find(Query.image_of(self.images[0]), "InstanceNumber")

    def find_nothing(self):
        self.peer.find(Query("STUDY", "1.2.3"))

    def find_in_the_patient_root(self):
        self._tool("findscu", "-P", "-k", "QueryRetrieveLevel=PATIENT", "-k", "PatientID", "-k", "PatientName=*")

    def find_by_nonsense(self):
        self._tool("findscu", "-S", "-k", "QueryRetrieveLevel=NONSENSE", "-k", "PatientID")

    def move(self):
        for image in self.images:
            self.peer.move(Query.study_of(image), "WS1")

    def move_an_image(self):
        self.peer.move(Query.image_of(self.images[0]), "WS1")

    def move_nothing(self):
        self.peer.move(Query("STUDY", "1.2.3"), "WS1")

    def move_to_nobody(self):
        self.peer.move(Query.study_of(self.images[0]), "NOBODY")

    def get(self):
        for image in self.images:
            self.peer.get(Query.study_of(image), self.folder / f"got-{image.stem}", transfer_syntax(image))

    def get_native(self):
        """Orthanc decompresses for C-GET, and cannot decompress what is sealed."""
        for image in self.images:
            if transfer_syntax(image) in NATIVE:
                self.peer.get(Query.study_of(image), self.folder / f"got-{image.stem}", transfer_syntax(image))

    def get_nothing(self):
        self.peer.get(Query("STUDY", "1.2.3"), self.folder / "got-nothing")

    def store_a_study(self):
        self.peer.store(self.images)

    def store_and_commit(self):
        """By an Orthanc, which has them already."""
        Peer("IMPORT", self.receiver.port, self.receiver.title).store(self.images)
        done = self.receiver.post("/modalities/host0/store", {"Resources": self.receiver.get("/studies"),
                                                              "StorageCommitment": True, "Synchronous": True})
        report = f"/storage-commitment/{done['StorageCommitmentTransactionUID']}"
        wait_until(lambda: self.receiver.get(report)["Status"] != "Pending", "the result of the commitment")

    def worklist(self):
        self.peer.worklist("V*", self.folder / "found")

    def print(self):
        PrintJob(self.folder / "job", self.images[0], "PACS", self.port).send()

    # ---- by hand

    def _propose(self, *arguments, **named):
        """And a C-ECHO, if its context is accepted."""
        association = RawAssociation(self.port, proposal(*arguments, **named))
        if association.accepts(1):
            association.echo()
        if association.accepted:
            association.release()
        association.close()

    def roles(self):
        for scu, scp in ((1, 1), (1, 0), (0, 1), (0, 0)):
            self._propose([ECHO_CONTEXT, (3, CT, [IMPLICIT]), (5, STUDY_ROOT_GET, [IMPLICIT])],
                          role(CT, scu, scp), role(MR, scu, scp), role(STUDY_ROOT_GET, scu, scp))

    def extended_negotiation(self):
        self._propose([ECHO_CONTEXT, (3, STUDY_ROOT_FIND, [IMPLICIT]), (5, CT, [IMPLICIT])],
                      extended(STUDY_ROOT_FIND, b"\1\1\1"), extended(CT, b"\2\0\3\0\1\0"), extended(PRIVATE, b"odd"),
                      common_extended(CT, "1.2.840.10008.4.2"))

    def operations_windows(self):
        for invoked, performed in ((0, 0), (1, 1), (5, 3), (0xFFFF, 0xFFFF)):
            self._propose([ECHO_CONTEXT], window(invoked, performed))

    def user_identities(self):
        for wants_answer in (False, True):
            self._propose([ECHO_CONTEXT], user_identity(1, b"somebody", wants_answer=wants_answer))
            self._propose([ECHO_CONTEXT], user_identity(2, b"somebody", b"secret", wants_answer))
            self._propose([ECHO_CONTEXT], user_identity(4, b"<saml/>", wants_answer=wants_answer))

    def unknown_items(self):
        self._propose([ECHO_CONTEXT], item(0x5F, b"unknown"), item(0x5F, b""), more_items=item(0x61, b"unknown"))

    def rejected_contexts(self):
        self._propose([ECHO_CONTEXT, (3, PRIVATE, [IMPLICIT]), (5, CT, ["1.2.3.4"]), (7, CT, [JPIP]),
                       (9, CT, [JPIP, IMPLICIT]), (255, MR, [MPEG4, JPEG, IMPLICIT]), (11, CT, [IMPLICIT, EXPLICIT])],
                      role(PRIVATE, 1, 1))

    def contexts_in_another_order(self):
        self._propose([(5, CT, [EXPLICIT]), (3, CT, [EXPLICIT]), ECHO_CONTEXT])

    def all_contexts(self):
        self._propose([(number, VERIFICATION, [IMPLICIT, EXPLICIT]) for number in range(1, 256, 2)])

    def no_context_that_is_known(self):
        self._propose([(1, PRIVATE, [IMPLICIT])])

    def another_application_context(self):
        self._propose(application_context="1.2.3.4")

    def another_protocol_version(self):
        self._propose(version=3)
        self._propose(version=2)

    def reserved_bytes(self):
        self._propose(reserved=bytes(range(1, 33)))

    def titles(self):
        self._propose(calling=b"  ws 1.-_")
        self._propose(calling=b"SIXTEEN-LETTERS!")
        self._propose(called=b"NOBODY")

    def maximum_lengths(self):
        contexts = [ECHO_CONTEXT, (3, STUDY_ROOT_FIND, [IMPLICIT])]
        for maximum_length in (0, 4097, 16383, 131073, 0xFFFFFFFF):
            association = RawAssociation(self.port, proposal(contexts, maximum_length=maximum_length))
            if association.accepted:
                association.say(3, request(C_FIND, STUDY_ROOT_FIND, 7, True, (0x0700, 0)),
                                identifier((0x00080052, b"STUDY"), (0x00100010, b"*"), (0x0020000D, b"")))
                association.hear()
                association.release()
            association.close()

    def _request_and_cancel(self, sop_class, command_set, keys):
        """DCMTK's own tools cancel at once, and whether its archives see that before they begin with the next answer
        depends on who is quicker."""
        association = RawAssociation(self.port, proposal([(1, sop_class, [IMPLICIT])]))
        association.say(1, command_set, keys)
        association.cancel_after_one_answer(PAUSE / 2, 1, 7)
        association.release()

    def move_and_cancel(self):
        study = Query.study_of(self.images[0]).study.encode()
        self._request_and_cancel(STUDY_ROOT_MOVE, request(C_MOVE, STUDY_ROOT_MOVE, 7, True, (0x0600, "WS1 "),
                                                          (0x0700, 0)),
                                 identifier((0x00080052, b"STUDY"), (0x0020000D, study + bytes(len(study) % 2))))

    def worklist_and_cancel(self):
        self._request_and_cancel(WORKLIST, request(C_FIND, WORKLIST, 7, True, (0x0700, 0)),
                                 identifier((0x00100010, b"*")))

    def message_ids(self):
        association = RawAssociation(self.port, proposal())
        for message_id in (0, 7, 7, 0xFFFF):
            association.echo(message_id=message_id)
        association.release()


OF_DCMQRSCP = ["echo", "echo_twice_with_many_contexts", "echo_and_abort", "store", "store_again_as_somebody",
               "store_with_the_longest_pdus", "find_studies", "find_an_image", "find_nothing",
               "find_in_the_patient_root", "find_by_nonsense", "move", "move_an_image", "move_nothing",
               "move_to_nobody", "get", "get_nothing", "roles", "extended_negotiation", "operations_windows",
               "user_identities", "unknown_items", "rejected_contexts", "contexts_in_another_order", "all_contexts",
               "no_context_that_is_known", "another_application_context", "another_protocol_version",
               "reserved_bytes", "titles", "maximum_lengths", "message_ids"]
OF_ORTHANC = ["echo", "store", "find_studies", "find_an_image", "find_nothing", "find_by_nonsense", "move",
              "move_nothing", "get_native", "get_nothing", "roles", "extended_negotiation", "operations_windows",
              "user_identities", "unknown_items", "rejected_contexts"]
OF_A_SLOW_DESTINATION = ["store_a_study", "move_and_cancel"]
OF_A_COMMITMENT = ["store_and_commit"]
OF_A_WORKLIST = ["worklist", "worklist_and_cancel"]
OF_A_PRINTER = ["echo", "print"]
