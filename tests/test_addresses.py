"""The guard: an address the table of rights does not know fails here, before anyone finds it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from core import rights


def every_address(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (view name, path) of every pattern, as the resolver would name it."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from (
                (f"{entry.namespace}:{name}" if entry.namespace else name, where)
                for name, where in every_address(entry, path)
            )
        elif isinstance(entry, URLPattern):
            yield entry.name or entry.lookup_str, path


def test_every_address_is_in_the_table_of_rights():
    everything = set(every_address(get_resolver()))

    assert sorted(entry for entry in everything if not rights.address_of(entry[0])) == []


def test_every_row_of_the_table_is_an_address():
    names = {name for name, _path in every_address(get_resolver())}

    def stands_for(row: str, name: str) -> bool:
        return name.startswith(row[:-1]) if row.endswith("*") else name == row

    idle = [row for row in rights.addresses() if not any(stands_for(row, n) for n in names)]

    assert idle == []
