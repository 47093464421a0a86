"""What the script of the upload page says: it is given its words with the page, in the reader's language."""

from django.utils.translation import gettext


def upload_words() -> dict[str, str]:
    """Sentence by the name that the script knows it by; `{n}` and `{all}` are put in there."""
    return {
        "label": gettext("Files sent"),
        "lost": gettext(
            "This could not be sent. Load this page again, then try once more. What came in before is safe."
        ),
        "refused": gettext("This could not be sent."),
        "again": gettext("The connection broke off. We try again."),
        "sending": gettext("Sending file {n} of {all}. Please keep this page open."),
        "gone": gettext("The connection is gone. {n} of {all} files are safe. Press the button to go on."),
        "received": gettext("Files received: {n}."),
        "duplicate": gettext("Files that we have already: {n}."),
        "not_taken": gettext("Not taken:"),
        "count": gettext("Files: {n}."),
    }
