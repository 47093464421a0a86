"""Why a donated file cannot be used, for its donor: each code in plain words, with what they can do."""

from typing import Final

_WORDS: Final = {
    "empty": "The file is empty. You can copy it from the disc again.",
    "not_dicom": "It is not a scan as hospitals store them.",
    "truncated": "A part of the file is missing. You can copy it from the disc again.",
    "malformed": "The file is damaged. You can copy it from the disc again.",
    "too_large": "The file is larger than we can take.",
    "transfer_syntax_unknown": "The picture is stored in a way that we do not know.",
    "transfer_syntax_unsupported": "The picture is stored in a way that we cannot check, such as a film.",
    "dicomdir": "It is the disc's table of contents, not a scan.",
    "sop_class_not_allowed": "It is a kind of file that we cannot yet make safe to share.",
    "structured_document": "It is a written report. Reports can name people, so we do not take them.",
    "encapsulated_document": "It is a written document. Documents can name people, so we do not take them.",
    "audio": "It holds a voice. A voice can be recognised, so we do not take it.",
    "burned_in": "A name may stand in the picture itself, so we do not use it.",
    "slide_label": "It is a photograph of a label, which can show a name.",
    "identity_found": "We found something in it that could say who you are, so we do not use it.",
    "recalled": "Somebody saw in it who it may be of, so we took it back and use it no more.",
    "rejected": "A person looked at it and decided not to use it.",
}
_OTHER: Final = "We could not make sure that it is safe to share, so we do not use it."


def words(code: str) -> str:
    """The sentence for a code; a code that is not known has one too."""
    return _WORDS.get(code, _OTHER)
