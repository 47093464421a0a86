"""What the de-identification engine says of files, so that it is found when texts are gathered: it stands alone."""

from typing import Final

from core.texts import gettext_noop as _

SAID: Final = frozenset(
    {
        _("The file is empty."),
        _("The file is not a DICOM file."),
        _("The file ends too early: a part of it is missing."),
        _("The file's structure is damaged and cannot be read safely."),
        _("The file nests its content deeper than any known device does."),
        _("The file holds more elements than can be checked."),
        _("The file unpacks to more data than is accepted."),
        _("The file says that it is encoded in a way that the DICOM standard does not know."),
        _("The file is encoded in a way that cannot be checked here, such as video."),
        _("The file lacks an identifier that every DICOM object must have."),
        _("The file is the directory of a disc, not an image; it lists people and is never taken."),
        _("The file is of a kind that is not known to be safe to share."),
        _("The file is a report or annotation whose text cannot be cleaned here."),
        _("The file wraps another document, such as a PDF, which cannot be cleaned here."),
        _("The file holds a sound recording, in which a voice could be recognised."),
        _("The file is the photographed label or overview of a slide, which can show a name."),
        _("The file's picture holds more bytes than its size explains."),
        _("A part that this kind of file must have cannot be read."),
        _("What would be written still showed a value that identifies someone."),
        _("What it refers to among the other files of its study would no longer be found by it."),
        _("The file could not be processed, for a cause within the engine."),
    }
)
