"""The tags behind `{% load design %}`; docs/reference/components.md says how to use each."""

from core.design.tags import actions, boxes, drawings, form_parts, furniture, lists, values
from core.design.tags.library import register

__all__ = ["actions", "boxes", "drawings", "form_parts", "furniture", "lists", "register", "values"]
