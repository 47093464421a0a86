"""What is said when a specification or a template cannot be used."""

from core.errors import Invalid


class SpecificationError(Invalid):
    """A template, parameter, limit or specification that cannot be used; the sentence says which and why."""

    default_code = "specification"
