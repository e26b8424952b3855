"""The own schema: whatever a record holds, what is written of it is valid."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from catalog.harvest.markup import written
from catalog.harvest.oai import own
from tests.catalog.harvest.reading import own_schema

OWN = f"{{{own.NAMESPACE}}}"
ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "1e5", "about 2010", "≥ 95", "١٢", "http://[", "+1.", "-", "nan", "\x0b"]),
    st.none(),
    st.integers(),
    st.lists(st.text(max_size=5), max_size=2),
)


def full(value: Any = "1") -> dict[str, Any]:
    """Return a record with every part there is, each holding this."""
    return _filled(own.PARTS, value) | {
        "schema": "1",
        "id": "4b6c1f5e-0000-4000-8000-000000000001",
        "number": "GBR-2026-0001",
        "state": "listed",
        "demonstration": True,
    }


def _filled(parts: tuple[own.Part, ...], value: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in parts:
        inner = _filled(part.parts, value) if part.parts else copy.copy(value)
        if part.by:
            made[part.at or part.name] = {"en": inner, "zh-hans": inner}
        else:
            made[part.at or part.name] = [inner, inner] if part.many else inner
    return made


def checked(record: dict[str, Any]) -> Any:
    text = written(own.metadata(record)).replace(
        b"<tp:record ", b'<tp:record xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ', 1
    )
    root = etree.fromstring(text)
    schema = SCHEMA
    assert schema.validate(root), [str(one) for one in schema.error_log]
    return root


SCHEMA = own_schema()


@given(ODD)
def test_whatever_stands_in_a_record_what_is_written_is_valid(value: Any):
    assert checked(full(value)).findtext(f"{OWN}number") == "GBR-2026-0001"


def test_every_part_is_written():
    texts = full("1") | {"listed_on": "2026-03-02", "valid_until": "2031-03-02"}
    texts["sources"] = [
        {"title": "A paper", "url": "https://example.org/a?b=1&c=2", "year": "2020"}
    ]
    texts["holder"]["website"] = "https://example.org"
    texts["translations"] = {"ar": {"of_version": 2, "confirmed_on": "2026-03-01"}}

    root = checked(texts)

    told = {one.tag.removeprefix(OWN) for one in root}
    assert told == {part.name for part in own.PARTS}
    assert root.findtext(f"{OWN}source/{OWN}url") == "https://example.org/a?b=1&c=2"
    assert root.findtext(f"{OWN}economics/{OWN}investment") == "1"


@pytest.mark.parametrize("part", ["indicators", "economics", "texts", "activity", "holder"])
def test_a_record_without_a_part_is_valid_too(part):
    record = full()
    record.pop(part)

    assert checked(record) is not None
