"""What the script says that looks through chosen files before they are sent: given with the page."""

from django.contrib.staticfiles import finders
from django.utils.translation import gettext, pgettext

from registry.rules.selection import MODALITY_WORDS
from registry.web.upload_words import upload_words

#: The engine for browsers is built beside the code (scripts/build-engine); where it was not, everything else works.
ENGINE = "curation/engine/engine.zip"


def adding() -> dict[str, object]:
    """What the page on which images are added gives its scripts."""
    has_engine = finders.find(ENGINE) is not None
    return {"scan_words": scan_words(), "upload_words": upload_words(), "has_engine": has_engine}


def scan_words() -> dict[str, object]:
    """Sentence by the name that the script knows it by; `{n}` and others in braces are put in there."""
    return {
        "looking": gettext("We look through your files. Nothing is sent yet. {n} of {all}."),
        "drop": gettext("You can also drag a folder, files or a ZIP onto this page."),
        "title": gettext("What we found"),
        "nothing": gettext("We found no medical images in these files."),
        "found": gettext("Examinations: {exams}. Pictures: {pictures}."),
        "left": gettext("Left out: {n} files that are not images, such as programs and letters."),
        "unread": gettext("Damaged files that we cannot read: {n}."),
        "closed": gettext("Packed files that we can only look into once they are sent: {n}."),
        "named": gettext("The name on these images is {name}. Is this you?"),
        "named_born": gettext("The name on these images is {name}, born {born}. Is this you?"),
        "nameless": gettext("There is no name on these images. Are they yours?"),
        "mine": pgettext("answer", "Yes, this is me"),
        "not_mine": pgettext("answer", "No. Do not send these"),
        "different": gettext(
            "This is not the name or the date of birth of your account. Perhaps you had another name, or it is "
            "somebody else's disc. Please look twice."
        ),
        "several": gettext("These images carry the names of {n} people. You can only give your own."),
        "answer": gettext("Please say first whether these images are yours."),
        "sure": gettext(
            "The name or the date of birth on some of these images is not that of your account. If they are really "
            "yours, press the button once more."
        ),
        "sure_raw": gettext(
            "Your browser cannot take names out here. If the files are to go to our locked quarantine as they are, "
            "press the button once more."
        ),
        "none_left": gettext("Nothing is chosen, so nothing was sent."),
        "series": gettext("Which pictures do you want to give?"),
        "one_series": gettext("{kind} {part}, {date}. Pictures: {n}"),
        "no_date": gettext("date unknown"),
        "way": gettext(
            "When you press the button, the files go as they are into a locked place. Names, dates and numbers are "
            "taken out there, before anybody looks at them."
        ),
        "way_starting": gettext("We look whether your browser can take names out here, on your own computer."),
        "way_coded": gettext(
            "Names are taken out here, on your computer, before anything is sent. Press the button when you are ready."
        ),
        "way_raw": gettext(
            "Your browser cannot take names out here, so the files go to our locked quarantine as they are. Names, "
            "dates and numbers are taken out there, before anybody looks at them."
        ),
        "preview": gettext("See what stays and what goes"),
        "starting": gettext("This takes a moment, on your own computer. Nothing is sent."),
        "cannot": gettext("Your browser cannot show this. It makes no difference to your donation."),
        "what": gettext("What"),
        "yours": gettext("In your file"),
        "theirs": gettext("What researchers see"),
        "gone": gettext("(taken out)"),
        "empty": gettext("(nothing)"),
        "at_risk": gettext("There may be writing in these pictures. A person looks at each of them first."),
        "stays": gettext("What stays as it is"),
        "held": gettext("This file cannot be used as it is; we look into it after it was sent."),
        "kinds": {code: gettext(words) for code, words in MODALITY_WORDS.items()},
    }
