"""A page as a tagged PDF (PDF/UA-1), in whatever script its names and its text are written.

WeasyPrint lays the page out and Pango shapes the letters; the fonts are the machine's. The same values give the same
bytes, so nothing has to be kept. One is made at a time in each process, and nothing is fetched from anywhere.
"""

from threading import BoundedSemaphore
from typing import Any, Final

from django.template.loader import render_to_string
from PIL import ImageFile

from core.errors import Unavailable

#: Making one takes half a second of a processor; whoever finds no turn in this time is asked to come again.
PATIENCE: Final = 10.0
ABSENT: Final = "The PDF cannot be made at the moment. Please try again later, or print the page."
_one_at_a_time = BoundedSemaphore(1)


def pdf(template: str, context: dict[str, Any]) -> bytes:
    """A template that extends `design/paper.html` as PDF; raises Unavailable where the machine cannot make one now."""
    html = render_to_string(template, context)
    try:
        import weasyprint  # Pango is loaded with it: a machine without must still serve every other page

        # It switches this on for the whole process; elsewhere a picture that ends too early has to be refused.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    except OSError:
        raise Unavailable(ABSENT, "no_pdf") from None
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Unavailable(ABSENT, "busy")
    try:
        made: bytes = weasyprint.HTML(string=html, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1")
        return made
    finally:
        _one_at_a_time.release()


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    """A paper is made of its text alone."""
    raise ValueError("a paper names nothing outside itself")
