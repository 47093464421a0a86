"""Why a file or a series is not taken, besides the engine's own reasons: each code with its sentence. Plain Python."""

from core.texts import gettext_noop as _

#: Why a series goes that was accepted, or waited for a curator.
RECALLED, RECHECK, NO_BLANKING = "recalled", "recheck", "no_blanking"
#: Found by a worker after the engine was done, or about the file's stored bytes.
WORKER = {
    "uid_conflict": _("Another, different file with the same identifier was taken before this one."),
    "series_shown": _("Its series had already been shown to a curator."),
    "bytes_missing": _("The stored file is no longer there, or is not what was uploaded."),
    RECALLED: _("Somebody could be recognised in it after it was released, so it was taken back."),
    RECHECK: _("It was cleaned by older rules, and the rules of today find something in it."),
    NO_BLANKING: _("A curator drew over something in it, and what was drawn cannot be blanked in such a file."),
    "already_cleaned": _("The file was cleaned before; one result per file is kept."),
}
#: Found in a file that its donor's browser was said to have cleaned.
CODED_IDENTITY, CODED_OTHER, CODED_PICTURE = "coded_identity", "coded_other", "coded_picture"
NOT_CLEAN = "coded_not_clean"
CODED = {
    CODED_IDENTITY: _(
        "It came as cleaned by the donor's browser, and something that says who somebody is stands in it."
    ),
    CODED_OTHER: _("It came as cleaned by the donor's browser, and was not cleaned with this donor's key."),
    CODED_PICTURE: _(
        "It came as cleaned by the donor's browser, and whether its picture shows writing is not certain."
    ),
    NOT_CLEAN: _("It came as cleaned by the donor's browser, and is not as the rules of today leave a file."),
}
#: Found while the picture was made that curators look at.
PICTURE = {
    "no_decoder": _("The picture is stored in a way that cannot be shown here, so nobody could look at it."),
    "no_picture": _("The file should hold a picture and does not."),
    "picture_too_large": _("The picture says that it is larger than any that is shown here."),
    "picture_broken": _("The picture is damaged, or stored in a way that cannot be shown, so nobody could look at it."),
    "picture_altered": _("Something tried to change more of the file than its picture while that was opened."),
}
#: Those of the curators' reasons that have a meaning elsewhere: words in the files, and writing in the picture.
NAMING_WORDS, WRITING = "words", "writing"
#: What a curator may give as the reason for rejecting a series.
REJECTION = {
    WRITING: _("Writing in the picture could say who the donor is."),
    "face": _("The picture shows a face that could be recognised."),
    "not_medical": _("It is not a medical image."),
    NAMING_WORDS: _("Words that stay in the files name somebody."),
    "quality": _("The images cannot be used: empty, cut off or badly disturbed."),
    "wrong_person": _("It looks like another person's examination."),
    "other": _("Another reason, agreed with the data steward."),
}
