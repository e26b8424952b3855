"""Criteria sets held against the hashes the audit kept when they were sealed."""

from collections.abc import Iterable, Iterator

from django.db.models import Model

from evaluation.criteria.documents import Document, document_of, part_seals, seal_of
from evaluation.models import CriteriaSet
from evaluation.replaying.findings import Findings, name_of
from evaluation.replaying.records import Said


def check_sets(
    sets: Iterable[CriteriaSet], sealed: dict[str, Said], found: Findings
) -> dict[str, Document]:
    """Return the documents by hash of those sets that are what was sealed; report the others."""
    documents = {}
    by_key = {one.subject: one for one in sealed.values()}
    for row in sets:
        said = by_key.get(str(row.pk))
        document = document_of(row)
        if said is None:
            found.fault(row, "the audit knows of no such sealing")
        elif seal_of(document) == row.content_hash == said.details["content_hash"]:
            documents[row.content_hash] = document
            found.counts["criteria sets"] += 1
        else:
            _name(row, document, said, found)
    return documents


def _name(row: CriteriaSet, document: Document, said: Said, found: Findings) -> None:
    """Report which rows of the set are not what was sealed."""
    if row.content_hash != said.details["content_hash"]:
        found.fault(row, "content_hash is not the one it was sealed with")
    if "parts" not in said.details:
        found.fault(row, f"{row}: a row of it was changed; which one, its old record cannot say")
        return
    sealed, present = said.details["parts"], part_seals(document)
    rows = dict(_rows(row))
    for part in sorted(sealed.keys() | present.keys()):
        if sealed.get(part) == present.get(part):
            continue
        if part not in present:
            found.fault(row, f"{row}: “{part}” is missing")
        else:
            found.fault(rows[part], f"“{part or row}” is not what was sealed")


def _rows(row: CriteriaSet) -> Iterator[tuple[str, str]]:
    def entry(part: str, one: Model) -> tuple[str, str]:
        return part, name_of(one)

    yield entry("", row)
    for dimension in row.with_dimensions():
        yield entry(dimension.code, dimension)
        for one in dimension.indicators.all():
            yield entry(f"{dimension.code}.{one.code}", one)
