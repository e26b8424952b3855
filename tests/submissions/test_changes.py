"""What changed between two documents: fields, rows laid together by likeness, files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.scheme import load
from submissions.scheme.changes import Document, What, changed_files, changed_sections
from submissions.scheme.matching import pairs
from tests.builders import submissions as build

SCHEME = load(build.shipped()["sections"])
INDICATORS = SCHEME.section("performance").rows[0]


def changed(before, after, *, old_files=(), new_files=()):
    return changed_sections(Document(SCHEME, before, old_files), Document(SCHEME, after, new_files))


def changed_rows(before, after):
    """Return what became of the rows of the table of indicators, shortly."""
    sections = changed(
        {"performance": {"indicators": before}}, {"performance": {"indicators": after}}
    )
    return [
        (row.what, row.was, row.now, row.is_moved)
        for section in sections
        for table in section.tables
        for row in table.rows
    ]


def row(name, typical="90", **more):
    return {"name": name, "typical": typical, "unit": "%", **more}


COD, AMMONIA, SALT = row("COD removal", "98"), row("Ammonia removal", "95"), row("Salt", "3")


def file(number, kind="test_report", title="Report", **more):
    return {"id": f"id-{number}", "kind": kind, "title": title, "sha256": f"sha-{number}", **more}


def test_two_equal_documents_have_no_changes():
    assert changed(build.content(), build.content()) == []


def test_a_field_says_what_it_held_and_holds():
    before, after = build.content(), build.content("Membrane reactor for leachate")
    after["technology"]["target_countries"] = ["PK", "KZ"]  # the same in another order
    after["technology"]["maturity"] = "pilot"
    del after["technology"]["applicability"]
    after["applicant"]["contact_email"] = ""

    found = changed(before, after)

    assert [
        (one.section.key, field.now.key, field.before, field.after, bool(field.segments))
        for one in found
        for field in one.fields
    ] == [
        ("applicant", "contact_email", "contact@example.org", "", False),
        (
            "technology", "title", "Membrane bioreactor for landfill leachate",
            "Membrane reactor for leachate", True,
        ),
        ("technology", "applicability", "Landfills in warm climates.", None, False),
        ("technology", "maturity", "commercial", "pilot", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([COD], [COD], []),
        ([COD], [COD, SALT], [(What.ADDED, 0, 2, False)]),
        ([COD], [SALT, COD], [(What.ADDED, 0, 1, False)]),
        ([COD, AMMONIA, SALT], [COD, SALT], [(What.REMOVED, 2, 0, False)]),
        ([COD, AMMONIA], [COD, row("Ammonia removal", "96")], [(What.CHANGED, 2, 2, False)]),
        # Taken out above: those below are not new ones.
        (
            [COD, AMMONIA, SALT],
            [row("Ammonia removal", "94"), SALT],
            [(What.REMOVED, 1, 0, False), (What.CHANGED, 2, 1, False)],
        ),
        ([COD, AMMONIA, SALT], [SALT, COD, AMMONIA], [(What.MOVED, 3, 1, True)]),
        (
            [COD, AMMONIA, SALT],
            [row("Salt", "4"), COD, AMMONIA],
            [(What.CHANGED, 3, 1, True)],
        ),
        (
            [COD],
            [row("Dust", "10", unit="mg/m3")],
            [(What.ADDED, 0, 1, False), (What.REMOVED, 1, 0, False)],
        ),
        ([SALT, SALT], [SALT], [(What.REMOVED, 2, 0, False)]),
    ],
)
def test_rows_are_laid_together_by_likeness(before, after, expected):
    assert changed_rows(before, after) == expected


def test_a_changed_row_names_its_changed_cells_alone():
    (section,) = changed(
        {"performance": {"indicators": [COD]}},
        {"performance": {"indicators": [row("COD removal rate", "98")]}},
    )
    ((cell,),) = [one.cells for one in section.tables[0].rows]

    assert (cell.now.key, cell.before, cell.after) == ("name", "COD removal", "COD removal rate")


ROWS = st.lists(
    st.builds(row, st.sampled_from("abcdef"), st.sampled_from(["1", "2", "3"])), max_size=7
)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_each_row_of_either_side_is_told_once(before, after):
    found = pairs(INDICATORS.fields, before, after)

    assert [one.now for one in found if one.now is not None] == list(range(len(after)))
    assert sorted(one.was for one in found if one.was is not None) == list(range(len(before)))


@settings(deadline=None)
@given(ROWS)
def test_rows_in_another_order_are_moved_and_nothing_else(rows):
    told = {what for what, *_places in changed_rows(rows, rows[::-1])}

    assert told <= {What.MOVED}


def test_very_many_rows_are_laid_together_by_their_place():
    before = [row(f"Row {number}", str(number)) for number in range(150)]
    after = [row(f"Row {number}", str(number + 1000)) for number in range(150)]

    assert set(changed_rows(before, after)) == {
        (What.CHANGED, number, number, False) for number in range(1, 151)
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([file(1)], [file(1)], []),
        ([], [file(1)], [(What.ADDED, None, "Report")]),
        ([file(1)], [], [(What.REMOVED, "Report", None)]),
        ([file(1)], [file(2)], [(What.CHANGED, "Report", "Report")]),
        ([file(1)], [file(2, title="New report")], [(What.CHANGED, "Report", "New report")]),
        ([file(1)], [file(1, title="Better")], [(What.RENAMED, "Report", "Better")]),
        # Uploaded once more, the same bytes: the same file.
        ([file(1)], [{**file(1), "id": "other"}], []),
        (
            [file(1)],
            [file(1, kind="photo")],
            [(What.ADDED, None, "Report"), (What.REMOVED, "Report", None)],
        ),
        # Two came for one that went: by the title.
        (
            [file(1, title="B")],
            [file(2, title="A"), file(3, title="B")],
            [(What.ADDED, None, "A"), (What.CHANGED, "B", "B")],
        ),
    ],
)
def test_files_are_known_by_their_bytes_and_kind(before, after, expected):
    found = changed_files(before, after)

    assert [
        (one.what, one.before and one.before["title"], one.after and one.after["title"])
        for one in found
    ] == expected


def evidence(number, page=3):
    return {"performance": {"indicators": [{**COD, "evidence": f"{number}#{page}"}]}}


def test_evidence_is_told_apart_by_the_bytes_of_its_file_and_the_page():
    same = {**file(1), "id": "id-9"}

    assert not changed(evidence("id-1"), evidence("id-9"), old_files=[file(1)], new_files=[same])
    for after, laid in ((evidence("id-1", 4), file(1)), (evidence("id-2"), file(2))):
        assert changed(evidence("id-1"), after, old_files=[file(1)], new_files=[laid])


def test_what_only_one_scheme_knows_came_or_went_with_it():
    older = load([one for one in build.shipped()["sections"] if one["key"] != "economics"])
    content = build.content()
    without = {key: values for key, values in content.items() if key != "economics"}

    (came,) = changed_sections(Document(older, without), Document(SCHEME, content))
    (went,) = changed_sections(Document(SCHEME, content), Document(older, without))

    assert (came.section.key, came.tables[0].rows[0].what) == ("economics", What.ADDED)
    assert (went.section.key, went.tables[0].rows[0].what) == ("economics", What.REMOVED)
