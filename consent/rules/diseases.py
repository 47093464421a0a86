"""Which disease is a kind of which: a small built-in part of MONDO, and the interface for more."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from consent.rules.vocabulary import load_data


class Diseases(Protocol):
    """Anything that knows the ancestors of a disease (MONDO is_a), such as the built-in list or a table."""

    def ancestors(self, disease: str, /) -> frozenset[str]:
        """Every disease that `disease` is a kind of, near or far, without itself; empty when not known."""


class DiseaseTree:
    """Diseases held in memory as `id -> parents`; a graph (a disease may have several parents).

    What a tree does not name, the tree that it lies over may.
    """

    def __init__(
        self,
        parents: Mapping[str, Iterable[str]],
        labels: Mapping[str, str] | None = None,
        *,
        over: "DiseaseTree | None" = None,
    ) -> None:
        self._parents = {disease: frozenset(above) for disease, above in parents.items()}
        self._over = over
        below: Mapping[str, str] = over.labels if over else {}
        self.labels: Mapping[str, str] = {**below, **labels} if labels else below

    def ancestors(self, disease: str, /) -> frozenset[str]:
        """Every id above `disease`, without itself; a cycle in the data ends the walk, not the program."""
        found: set[str] = set()
        todo = list(self._above(disease))
        while todo:
            above = todo.pop()
            if above not in found:
                found.add(above)
                todo.extend(self._above(above))
        return frozenset(found - {disease})

    def label(self, disease: str) -> str:
        """The plain name of a disease, or its id when there is none."""
        return self.labels.get(disease, disease)

    def overlaid(
        self, ancestors: Mapping[str, Iterable[str]], labels: Mapping[str, str] | None = None
    ) -> "DiseaseTree":
        """This tree with what the caller says about some diseases in place of what it knew about them."""
        return DiseaseTree(ancestors, labels, over=self)

    def _above(self, disease: str) -> frozenset[str]:
        known = self._parents.get(disease)
        if known is None:
            return self._over._above(disease) if self._over else frozenset()
        return known


def _built_in() -> DiseaseTree:
    rows = load_data("diseases.json")["diseases"]
    return DiseaseTree({row["id"]: row["parents"] for row in rows}, {row["id"]: row["label"] for row in rows})


BUILT_IN: Final = _built_in()


def ancestors(disease: str) -> frozenset[str]:
    """The ancestors of a disease in the built-in list."""
    return BUILT_IN.ancestors(disease)
