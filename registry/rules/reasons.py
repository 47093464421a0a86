"""Why a donated file cannot be used, for its donor: each code in plain words, with what they can do."""

from typing import Final

from core.texts import gettext_noop as _

_WORDS: Final = {
    "empty": _("The file is empty. You can copy it from the disc again."),
    "not_dicom": _("It is not a scan as hospitals store them."),
    "truncated": _("A part of the file is missing. You can copy it from the disc again."),
    "malformed": _("The file is damaged. You can copy it from the disc again."),
    "too_large": _("The file is larger than we can take."),
    "transfer_syntax_unknown": _("The picture is stored in a way that we do not know."),
    "transfer_syntax_unsupported": _("The picture is stored in a way that we cannot check, such as a film."),
    "dicomdir": _("It is the disc's table of contents, not a scan."),
    "sop_class_not_allowed": _("It is a kind of file that we cannot yet make safe to share."),
    "structured_document": _("It is a written report. Reports can name people, so we do not take them."),
    "encapsulated_document": _("It is a written document. Documents can name people, so we do not take them."),
    "audio": _("It holds a voice. A voice can be recognised, so we do not take it."),
    "burned_in": _("A name may stand in the picture itself, so we do not use it."),
    "slide_label": _("It is a photograph of a label, which can show a name."),
    "identity_found": _("We found something in it that could say who you are, so we do not use it."),
    "uid_conflict": _("It says that it is the same image as one that you gave before, and it is not."),
    "coded_identity": _("Your browser took the names out, and we found something in it that could say who you are."),
    "coded_other": _("Your browser took the names out, but not in the way that belongs to you."),
    "coded_picture": _("Your browser took the names out, and a name may still stand in the picture itself."),
    "coded_not_clean": _("Your browser took the names out, and our check found that something was left."),
    "recalled": _("Somebody saw in it who it may be of, so we took it back and use it no more."),
    "rejected": _("A person looked at it and decided not to use it."),
}
_OTHER: Final = _("We could not make sure that it is safe to share, so we do not use it.")


def words(code: str) -> str:
    """The sentence for a code; a code that is not known has one too."""
    return _WORDS.get(code, _OTHER)
