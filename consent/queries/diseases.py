"""The diseases that consents are asked with: those that were loaded, over the small list that is built in."""

from functools import lru_cache
from uuid import UUID

from consent.models import Disease, Ontology
from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.edition import RULES_VERSION
from consent.rules.ontology import tree_of
from core.errors import Unavailable


def ontology_in_use() -> Ontology | None:
    """The file of diseases that was loaded last, or None: then the built-in list is all that there is."""
    return Ontology.objects.order_by("-id").first()


def diseases() -> DiseaseTree:
    """Which disease is a kind of which, by all that is known now."""
    return tree(ontology_in_use())


def tree(ontology: Ontology | None) -> DiseaseTree:
    """The diseases of an ontology over the built-in ones; read once by each process."""
    return BUILT_IN if ontology is None else _read(ontology.pk, ontology.size)


def rules_version(ontology: Ontology | None) -> str:
    """What is kept beside a verdict: the rules' own version, and the start of the digest of the diseases loaded."""
    return RULES_VERSION if ontology is None else f"{RULES_VERSION}+{ontology.digest[:16]}"


@lru_cache(maxsize=2)
def _read(ontology_id: UUID, size: int) -> DiseaseTree:
    rows = list(Disease.objects.filter(ontology_id=ontology_id).values_list("code", "label", "parents"))
    if len(rows) != size:  # half of a list would deny what the whole permits
        raise Unavailable("The list of diseases is being replaced. Please try again in a moment.")
    return tree_of(rows, BUILT_IN)
