"""Rows of a table while they are typed: added, copied, moved, and pasted from a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from submissions.choices import Choices
from submissions.scheme import load
from submissions.section_rows import (
    Pasted,
    Unread,
    add,
    copy,
    move,
    paste,
    places,
    remove,
    renumbered,
)
from tests.builders import submissions as build

TABLE = load(
    [
        {
            "key": "cases",
            "labels": {"en": "Cases"},
            "rows": [
                {
                    "key": "cases",
                    "labels": {"en": "Cases", "zh-hans": "案例"},
                    "max_rows": 20,
                    "fields": [
                        {
                            "key": "name",
                            "kind": "text",
                            "max_length": 200,
                            "labels": {"en": "Name of the project", "zh-hans": "项目名称"},
                        },
                        {
                            "key": "stage",
                            "kind": "choice",
                            "labels": {"en": "Stage", "zh-hans": "阶段"},
                            "options": [
                                {"code": "pilot", "labels": {"en": "Pilot plant"}},
                                {"code": "full", "labels": {"en": "Full scale"}},
                            ],
                        },
                        {"key": "year", "kind": "year", "labels": {"en": "Year"}},
                        {"key": "started_on", "kind": "date", "labels": {"en": "Start"}},
                        {"key": "abroad", "kind": "boolean", "labels": {"en": "Abroad"}},
                        {
                            "key": "uses",
                            "kind": "choices",
                            "labels": {"en": "Uses"},
                            "options": [
                                {"code": "water", "labels": {"en": "Water"}},
                                {"code": "soil", "labels": {"en": "Soil"}},
                            ],
                        },
                    ],
                }
            ],
        }
    ]
).sections[0].rows[0]  # fmt: skip
ROWS = [{"name": "A"}, {"name": "B"}, {"name": "C"}]


def laid(text, rows=(), row=10**6, column=""):
    return paste(list(rows), TABLE, Choices(), Pasted(text, row, column))


class TestChanging:
    def test_row_is_added_at_the_end(self):
        assert add(ROWS, TABLE) == [*ROWS, {}]

    def test_full_table_takes_no_row(self):
        full = [{"name": str(n)} for n in range(20)]

        with pytest.raises(DomainError, match="Cases: at most 20 rows"):
            add(full, TABLE)
        with pytest.raises(DomainError, match="Cases: at most 20 rows"):
            copy(full, TABLE, 0)

    def test_copy_stands_behind_its_row(self):
        assert [row["name"] for row in copy(ROWS, TABLE, 1)] == ["A", "B", "B", "C"]

    def test_row_is_taken_out(self):
        assert [row["name"] for row in remove(ROWS, 1)] == ["A", "C"]

    @pytest.mark.parametrize(
        ("number", "by", "order"),
        [(1, -1, "BAC"), (1, 1, "ACB"), (0, -1, "ABC"), (2, 1, "ABC")],
    )
    def test_row_changes_places_with_its_neighbour(self, number, by, order):
        assert "".join(row["name"] for row in move(ROWS, number, by)) == order


class TestNamedByNumber:
    """Rows of another table name these by their number; here each names one: 1, 2, 3, none, 9."""

    NAMING = [{"case": "1"}, {"case": "2"}, {"case": " 3 "}, {"case": ""}, {"case": "9"}]

    def after(self, rows):
        named, lost = renumbered(self.NAMING, "case", places(ROWS, rows))
        return [row["case"].strip() for row in named], lost

    def test_they_go_with_a_row_that_moves(self):
        assert self.after(move(ROWS, 2, -1)) == (["1", "3", "2", "", "9"], [])

    def test_they_go_on_behind_a_copy(self):
        assert self.after(copy(ROWS, TABLE, 0)) == (["1", "3", "4", "", "9"], [])

    def test_they_move_up_and_name_no_other_when_theirs_is_gone(self):
        assert self.after(remove(ROWS, 1)) == (["1", "", "2", "", "9"], [1])

    def test_a_row_at_the_end_changes_nothing(self):
        assert self.after(add(ROWS, TABLE)) == (["1", "2", "3", "", "9"], [])


class TestPasting:
    def test_twenty_rows_come_in_the_order_of_the_columns(self):
        text = "\n".join(f"Plant {n}\tPilot plant\t20{n:02}" for n in range(20))

        rows, unread = laid(text)

        assert unread == []
        assert rows[0] == {"name": "Plant 0", "stage": "pilot", "year": "2000"}
        assert rows[19] == {"name": "Plant 19", "stage": "pilot", "year": "2019"}

    @pytest.mark.parametrize(
        "heading", ["year\tname", "YEAR\tName of the project *", "Year\t项目名称："]
    )
    def test_heading_says_what_goes_where(self, heading):
        assert laid(f"{heading}\n2020\tPlant")[0] == [{"name": "Plant", "year": "2020"}]

    def test_cells_go_on_from_the_one_they_are_pasted_into(self):
        rows, _unread = laid("2001\n2002", ROWS, row=1, column="year")

        assert rows == [
            {"name": "A"},
            {"name": "B", "year": "2001"},
            {"name": "C", "year": "2002"},
        ]

    def test_what_was_typed_beside_stays(self):
        rows, _unread = laid("New\tFull scale", [{"name": "A", "year": "1999"}], row=0)

        assert rows == [{"name": "New", "stage": "full", "year": "1999"}]

    def test_cell_of_several_lines_and_quotes_is_one_cell(self):
        rows, _unread = laid('"Line 1\nsaid ""two"""\tpilot')

        assert rows == [{"name": 'Line 1\nsaid "two"', "stage": "pilot"}]

    def test_number_stays_as_it_was_written(self):
        assert laid("Plant\t\t1 234,5")[0] == [{"name": "Plant", "year": "1 234,5"}]

    @pytest.mark.parametrize(("cell", "value"), [("yes", True), ("是", True), ("no", False)])
    def test_yes_and_no(self, cell, value):
        assert laid(f"{cell}", column="abroad")[0] == [{"abroad": value}]

    @pytest.mark.parametrize(
        ("column", "cell"), [("abroad", "perhaps"), ("started_on", "03/04/2026")]
    )
    def test_what_no_input_could_show_is_told(self, column, cell):
        assert laid(cell, column=column) == ([{}], [Unread(0, column, cell)])

    @pytest.mark.parametrize("cell", ["2026/3/31", "2026-03-31", "2026.3.31", "2026年3月31日"])
    def test_day_is_read_as_it_may_be_typed(self, cell):
        assert laid(cell, column="started_on")[0] == [{"started_on": "2026-03-31"}]

    def test_blank_cell_leaves_its_own_row_as_it_is_and_shifts_none(self):
        rows, _unread = laid("2001\n\n2003\n\n", ROWS, row=0, column="year")

        assert rows == [
            {"name": "A", "year": "2001"},
            {"name": "B"},
            {"name": "C", "year": "2003"},
        ]

    def test_blank_line_before_the_heading_is_no_row(self):
        assert laid("\nyear\tname\n2020\tPlant")[0] == [{"name": "Plant", "year": "2020"}]

    def test_several_choices_of_one_cell(self):
        assert laid("Water; soil", column="uses")[0] == [{"uses": ["water", "soil"]}]

    def test_choice_nobody_offers_is_told_and_the_rest_is_laid(self):
        rows, unread = laid("A\tMoonshot\t2020\nB\tpilot\t2021")

        assert rows == [
            {"name": "A", "year": "2020"},
            {"name": "B", "stage": "pilot", "year": "2021"},
        ]
        assert unread == [Unread(0, "stage", "Moonshot")]

    @pytest.mark.django_db
    def test_what_the_list_does_not_have_goes_beside_it(self):
        """A unit nobody listed is no reason to lose it; two words for one place are told."""
        scheme = load(build.shipped(version=3)["sections"])
        table = next(one for one in scheme.section("performance").rows if one.key == "indicators")
        told = "Indicator\tUnit\tUnit not in the list\nMagic\tfoo\nMagic\tfoo\tbar"

        rows, unread = paste([], table, Choices(), Pasted(told, 0, ""))

        assert rows == [
            {"name": "Magic", "unit_other": "foo"},
            {"name": "Magic", "unit_other": "bar"},
        ]
        assert unread == [Unread(1, "unit", "foo")]

    def test_more_than_the_table_holds_is_refused_whole(self):
        with pytest.raises(DomainError, match="Cases: at most 20 rows"):
            laid("\n".join("ABCDEFGHIJKLMNOPQRSTU"))

    @pytest.mark.parametrize("text", ["", " \n\t\n"])
    def test_nothing_is_said_to_be_nothing(self, text):
        with pytest.raises(DomainError, match="There is nothing to paste"):
            laid(text)

    def test_cells_beyond_the_last_column_are_left_out(self):
        assert laid("soil\tbeyond", column="uses")[0] == [{"uses": ["soil"]}]


plain = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=20,
)


@given(st.lists(st.tuples(plain, plain), min_size=1, max_size=20))
def test_what_a_spreadsheet_writes_is_what_is_read(cells):
    """A cell with a quote, a tab or a line end is quoted by the spreadsheet; all come back."""
    heading = "name\tyear"
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in cells]
    text = "\n".join([heading, *("\t".join(row) for row in quoted)])

    rows, unread = laid(text)

    assert unread == []
    assert [(row["name"], row["year"]) for row in rows] == cells
