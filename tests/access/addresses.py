"""Every address of the house, read from the resolver, and how to fill one with a thing of the small world."""

from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.whole import World


def names() -> list[str]:
    """The name of every address, with its namespace; an address without a name would be listed as `None`."""
    return sorted(set(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        else:
            yield from _walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def address(name: str, of: Mapping[str, str], world: World) -> str:
    """The address with its parts filled: a kind of thing of the world, `=slug`, or a word after `=` as it is."""
    parts = {key: _part(value, world) for key, value in of.items()}
    return reverse(name, kwargs=parts)


def _part(value: str, world: World) -> object:
    if value == "=slug":
        return world.programme.slug
    return value[1:] if value.startswith("=") else world.ids[value]
