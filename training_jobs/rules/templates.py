"""What a training template says about itself: parameters with bounds, outputs, the metrics it may show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.texts import gettext_noop as _
from training_jobs.rules.errors import SpecificationError
from training_jobs.rules.limits import Limits, parse_limits
from training_jobs.rules.names import FILE_NAME, NAME

INCOMPLETE = _("This template's description is incomplete, so it cannot be offered.")
NO_PARAMETER = _("The template “{title}” has no parameter called “{name}”.")
#: What is wrong with a value: said with the parameter's name, and beside it.
WHOLE = (
    _("“{title}” must be a whole number from {least} to {most}."),
    _("This must be a whole number from {least} to {most}."),
)
BETWEEN = (_("“{title}” must be a number from {least} to {most}."), _("This must be a number from {least} to {most}."))
CHOSEN = (_("“{title}” must be one of: {choices}."), _("This must be one of: {choices}."))
FILLED = (NO_PARAMETER, *WHOLE, *BETWEEN, *CHOSEN)


class OutputKind(StrEnum):
    """What an output file is; each kind has its own check before release."""

    METRICS = "metrics"
    MODEL_CARD = "model_card"
    TABLE = "table"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a researcher may choose, with the bounds of the choice."""

    name: str
    kind: str
    title: str
    help: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """`value` (also as a form's text) in this parameter's type; raises SpecificationError with a sentence."""
        if self.kind == "choice":
            return self._chosen(value)
        number = _number(value, whole=self.kind == "integer")
        if number is None or not (self.minimum or 0) <= number <= (self.maximum or 0):
            bounds = {"least": f"{self.minimum:g}", "most": f"{self.maximum:g}"}
            raise self._wrong(*(WHOLE if self.kind == "integer" else BETWEEN), **bounds)
        return number

    def _chosen(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise self._wrong(*CHOSEN, choices=", ".join(self.choices))
        return value

    def _wrong(self, named: str, this: str, **values: str) -> SpecificationError:
        return SpecificationError(named.format(title=self.title, **values), fields={self.name: this.format(**values)})


@dataclass(frozen=True, slots=True)
class Template:
    """A training program that the registry ships: `sha256` covers every one of its files."""

    name: str
    version: str
    sha256: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    outputs: Mapping[str, OutputKind]
    progress_metrics: frozenset[str]
    limits: Limits
    #: What the program's own exit codes mean, as sentences: all that a researcher is told of why it ended.
    endings: Mapping[int, str] = field(default_factory=dict)

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter's value, defaults filled in; SpecificationError for an unknown or out-of-bounds one."""
        known = {parameter.name for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise SpecificationError(
                    NO_PARAMETER.format(title=self.title, name=str(name)[:40]),
                    fields={str(name)[:40]: _("Unknown parameter.")},
                )
        return {p.name: p.read(given.get(p.name, p.default)) for p in self.parameters}


def parse_template(data: Mapping[str, Any], sha256: str) -> Template:
    """A template from its `template.json`; raises SpecificationError when that file is not as it should be."""
    try:
        template = Template(
            name=str(data["name"]),
            version=str(data["version"]),
            sha256=sha256,
            title=str(data["title"]),
            description=str(data["description"]),
            parameters=tuple(_parameter(item) for item in data["parameters"]),
            outputs={str(name): OutputKind(kind) for name, kind in data["outputs"].items()},
            progress_metrics=frozenset(map(str, data["progress_metrics"])),
            limits=parse_limits(data["limits"]),
            endings={int(code): str(sentence) for code, sentence in data.get("endings", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SpecificationError(INCOMPLETE) from error
    names = [template.name, *template.progress_metrics, *(p.name for p in template.parameters)]
    if not all(map(NAME.fullmatch, names)) or not all(map(FILE_NAME.fullmatch, template.outputs)):
        raise SpecificationError(_("This template's description uses a name that is not allowed."))
    template.read_parameters({})
    return template


def _parameter(item: Mapping[str, Any]) -> Parameter:
    if item["kind"] not in ("integer", "number", "choice"):
        raise ValueError(item["kind"])
    item = dict(item) | {"choices": tuple(item.get("choices", ()))}
    return Parameter(**item)


def _number(value: Any, *, whole: bool) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if whole:
            return int(value) if isinstance(value, str) or value == int(value) else None
        return float(value)
    except (ValueError, OverflowError):
        return None
