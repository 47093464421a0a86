"""The gallery's address; include it at `design/`."""

from django.urls import path

from core.design.gallery.views import gallery

urlpatterns = [path("", gallery, name="design_gallery")]
