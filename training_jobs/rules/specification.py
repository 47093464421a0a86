"""Exactly what a training job will do, in a canonical form whose digest is what two others approve."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.canonical import canonical_json, sha256_hex
from core.texts import gettext_noop as _
from training_jobs.rules.errors import SpecificationError
from training_jobs.rules.limits import Limits, parse_limits
from training_jobs.rules.templates import Template

DIGEST = re.compile(r"[0-9a-f]{64}")
PARTS = frozenset({"template", "dataset_version", "parameters", "limits", "outputs"})


@dataclass(frozen=True, slots=True)
class Specification:
    """A training job in full. Equal specifications have equal digests, and nothing else decides what runs."""

    template_name: str
    template_version: str
    template_sha256: str
    dataset_version: str
    parameters: Mapping[str, Any]
    limits: Limits
    outputs: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, in the shape that `parse_specification` reads."""
        template = {"name": self.template_name, "version": self.template_version, "sha256": self.template_sha256}
        return {
            "template": template,
            "dataset_version": self.dataset_version,
            "parameters": dict(self.parameters),
            "limits": self.limits.as_dict(),
            "outputs": sorted(self.outputs),
        }

    def canonical(self) -> str:
        """Canonical JSON: the text that is stored, shown and approved."""
        return canonical_json(self.as_dict())

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the canonical JSON."""
        return sha256_hex(self.canonical())


def specify(
    template: Template,
    *,
    dataset_version: str,
    parameters: Mapping[str, Any],
    limits: Mapping[str, Any] | None = None,
) -> Specification:
    """A specification from a researcher's choices.

    `dataset_version` is the version's digest (SHA-256 in hex); `parameters` may hold a form's texts. Raises
    SpecificationError with a sentence for an unknown parameter or limit and for a value out of bounds.
    """
    if not DIGEST.fullmatch(dataset_version):
        raise SpecificationError(
            _("The dataset version must be named by its digest."), fields={"dataset_version": _("Not a digest.")}
        )
    return Specification(
        template_name=template.name,
        template_version=template.version,
        template_sha256=template.sha256,
        dataset_version=dataset_version,
        parameters=template.read_parameters(parameters),
        limits=parse_limits(limits or {}, template.limits),
        outputs=tuple(sorted(template.outputs)),
    )


def parse_specification(stored: str | Mapping[str, Any], template: Template) -> Specification:
    """A stored specification (its canonical text, or the data in it) read back and checked in full against `template`.

    Raises SpecificationError when the text is not a specification, is not in canonical form, or names a template
    whose files are no longer those that were approved.
    """
    try:
        data = json.loads(stored) if isinstance(stored, str) else stored
        if set(data) != PARTS:
            raise ValueError
        named = data["template"]
        specification = specify(
            template, dataset_version=data["dataset_version"], parameters=data["parameters"], limits=data["limits"]
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SpecificationError(_("This is not a training job's specification.")) from error
    if named != specification.as_dict()["template"]:
        raise SpecificationError(
            _("The template has changed since this job was submitted. Submit the job again."), "template_changed"
        )
    if specification.canonical() != (stored if isinstance(stored, str) else canonical_json(data)):
        raise SpecificationError(_("This specification is not in its canonical form, so its digest would not hold."))
    return specification
