"""The gallery's one page, and a sample picture for it; neither exists outside development and the demo."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.design.gallery.samples import sample_context


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with made-up values; 404 unless DEBUG or DEMO is set."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    return render(request, "design/gallery.html", sample_context())
