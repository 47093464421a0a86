"""Why a file is refused: each reason code with the sentence that people read; no sentence holds a personal value."""

SENTENCES = {
    "empty": "The file is empty.",
    "not_dicom": "The file is not a DICOM file.",
    "truncated": "The file ends too early: a part of it is missing.",
    "malformed": "The file's structure is damaged and cannot be read safely.",
    "too_deep": "The file nests its content deeper than any known device does.",
    "too_many_elements": "The file holds more elements than can be checked.",
    "too_large": "The file unpacks to more data than is accepted.",
    "transfer_syntax_unknown": "The file says that it is encoded in a way that the DICOM standard does not know.",
    "transfer_syntax_unsupported": "The file is encoded in a way that cannot be checked here, such as video.",
    "missing_identifier": "The file lacks an identifier that every DICOM object must have.",
    "dicomdir": "The file is the directory of a disc, not an image; it lists people and is never taken.",
    "sop_class_not_allowed": "The file is of a kind that is not known to be safe to share.",
    "structured_document": "The file is a report or annotation whose text cannot be cleaned here.",
    "encapsulated_document": "The file wraps another document, such as a PDF, which cannot be cleaned here.",
    "audio": "The file holds a sound recording, in which a voice could be recognised.",
    "slide_label": "The file is the photographed label or overview of a slide, which can show a name.",
    "pixel_data_length": "The file's picture holds more bytes than its size explains.",
    "unreadable_element": "A part that this kind of file must have cannot be read.",
    "residual_identity": "What would be written still showed a value that identifies someone.",
    "reference_broken": "What it refers to among the other files of its study would no longer be found by it.",
    "engine_failed": "The file could not be processed, for a cause within the engine.",
}


class Refused(Exception):
    """A file that cannot be made safe; carries a reason code and nothing from the file."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.sentence = SENTENCES[reason]
        super().__init__(self.sentence)
