"""How the worklist is narrowed, and how that is carried from page to page in the address."""

from django.http import HttpRequest

from curation import queries
from curation.web.forms import WorklistFilter

NAMES = ("modality", "risk", "which")


def filter_of(request: HttpRequest) -> WorklistFilter:
    """The filter as the address has it."""
    return WorklistFilter(request.GET, modalities=queries.modalities(request.user))


def chosen(request: HttpRequest) -> dict[str, str]:
    """What the list is narrowed to: `modality`, `risk` and `which`, empty for all."""
    form = filter_of(request)
    cleaned = form.cleaned_data if form.is_valid() else {}
    return {name: cleaned.get(name, "") for name in NAMES}


def query_of(request: HttpRequest) -> str:
    """The narrowing as the end of an address, with its question mark; empty when there is none."""
    kept = request.GET.copy()
    for name in set(kept) - set(NAMES):
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
