"""What the script of the upload page says: it is given its words with the page, in the reader's language."""

from django.utils.translation import gettext


def upload_words() -> dict[str, str]:
    """Sentence by the name that the script knows it by; `{n}` and `{all}` are put in there."""
    return {**_under_way(), **_halted(), **_unfinished(), **_kept_back(), **_came_of_it()}


def _under_way() -> dict[str, str]:
    return {
        "send_title": gettext("Sending your pictures"),
        "send_coded": gettext("Names are taken out here, on your computer, before anything is sent."),
        "send_raw": gettext(
            "The files go as they are into our locked quarantine. Names, dates and numbers are taken out there, before "
            "anybody looks at them."
        ),
        "send_label": gettext("Sent"),
        "send_count": gettext("{n} of {all}"),
        "send_done": gettext("Sent"),
        "send_packed": gettext("Packed files"),
        "send_tenth": gettext("{n} percent are sent."),
        "send_open": gettext("Please keep this page open."),
        "send_reading": gettext("We look which files are here already: {n} of {all}."),
        "send_surveyed": gettext("We look for names in your pictures: {n} of {all}."),
        "send_cleaning": gettext("We take names out of your pictures: {n} of {all}."),
        "send_moment": gettext("Less than a minute left. Please keep this page open."),
        "send_minutes": gettext("About {n} minutes left. Please keep this page open."),
        "send_hours": gettext("About {n} hours left. Please keep this page open."),
        "send_elsewhere": gettext(
            "Another window of yours is sending already. When it has finished, this one sends what is still missing."
        ),
    }


def _halted() -> dict[str, str]:
    return {
        "send_again": gettext("The connection broke off. We try again."),
        "send_gone": gettext(
            "The connection is gone. {n} of {all} files are safe. When it is back, we go on by ourselves; or press "
            "the button."
        ),
        "send_away": gettext(
            "{why} So far {n} of {all} files are here. We go on by ourselves in a minute; or press the button."
        ),
        "send_why": "{why}",
        "send_pause": gettext("That was too much at once. {n} of {all} files are safe. We go on in a minute."),
        "send_signed_out": gettext(
            "You were signed out. {n} of {all} files are safe. Sign in again in a new window, come back to this one, "
            "and press the button."
        ),
        "send_sign_in": gettext("Sign in again (opens a new window)"),
        "send_lost": gettext(
            "This could not be sent. Load this page again, then choose the same files once more. What came in before "
            "is safe."
        ),
        "send_refused": gettext("This could not be sent."),
        "send_on": gettext("Go on"),
    }


def _unfinished() -> dict[str, str]:
    return {
        "unfinished": gettext("You began to send {n} pictures here, and not all of them have arrived."),
        "unfinished_way": gettext("Choose the same folder, disc or files again. Only what is missing is sent."),
        "unfinished_send": gettext(
            "Not all of your pictures have arrived. If you want to send your donation without the others, press the "
            "button once more."
        ),
    }


def _kept_back() -> dict[str, str]:
    return {
        "send_asked": gettext("One more question"),
        "send_kept": gettext("Files from which we cannot take names here: {n}. Do you want to send these as they are?"),
        "send_kept_why": gettext(
            "There may be a name written in the picture itself, or your browser cannot open the file. As they are, "
            "they go to our locked quarantine. Names are taken out there, and a person looks at the pictures before "
            "anybody else does. If you leave the box empty, these files stay on your computer."
        ),
        "send_agree": gettext("Yes, send these as they are"),
    }


def _came_of_it() -> dict[str, str]:
    return {
        "send_received": gettext("Files received: {n}."),
        "send_duplicate": gettext("Files that we have already: {n}."),
        "send_skipped": gettext("Files that are not medical images, and were not taken: {n}."),
        "send_refused_files": gettext("Files that cannot be used, and were not taken: {n}."),
        "send_unread": gettext("Files that could not be read on your computer, and were not sent: {n}."),
        "send_failed": gettext("Files that changed while they were sent, and did not arrive: {n}."),
        "send_kept_home": gettext("Files that stayed on your computer: {n}."),
    }
