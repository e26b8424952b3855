import pytest
from django.utils.safestring import SafeString

from catalog import highlight


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("水处理", "污水处理厂", "污<mark>水处理</mark>厂"),
        ("filters", "A filter, filtering", "A <mark>filter</mark>, <mark>filtering</mark>"),
        ("MEMBRANE", "membranes", "<mark>membranes</mark>"),
        ("pm2.5", "PM2.5 and PM10", "<mark>PM2.5</mark> and PM10"),
        ("-filter plant", "filter plant", "filter <mark>plant</mark>"),
        ("heat OR cold", "heat or cold", "<mark>heat</mark> or <mark>cold</mark>"),
        ("膜 -水", "膜和水", "<mark>膜</mark>和水"),
        ("sulfur", "Sulphur, sulphuric", "<mark>Sulphur</mark>, <mark>sulphuric</mark>"),
        ("desulphurisation", "desulfurizing", "<mark>desulfurizing</mark>"),
        ("odour", "odor, order", "<mark>odor</mark>, order"),
        ("in-situ", "in situ, in-situ", "<mark>in situ</mark>, <mark>in-situ</mark>"),
        ("bio-pile", "Biopiles", "<mark>Biopiles</mark>"),
        ("so2", "Removes SO₂, NOx.", "Removes <mark>SO₂</mark>, NOx."),
        ("SO₂", "SO2 and SO₂", "<mark>SO2</mark> and <mark>SO₂</mark>"),
        ("NH3-N", "of NH₃-N: 99 %", "of <mark>NH₃-N</mark>: 99 %"),
        ("cod", "去除率（ＣＯＤ）≥ 90", "去除率（<mark>ＣＯＤ</mark>）≥ 90"),
        ("膜", "㎥/h…膜", "㎥/h…<mark>膜</mark>"),
        ("m3", "㎥<㎥", "<mark>㎥</mark>&lt;<mark>㎥</mark>"),
        ("\u682a", "\u3231水", "<mark>\u3231</mark>水"),  # a part of one sign: the sign
        ("épuration", "E\u0301puration", "<mark>E\u0301puration</mark>"),
        ("a.*b", "a.*b aXXb", "<mark>a</mark>.*b aXXb"),
        ("<script>", "<script>", "&lt;script&gt;"),
        ("&", "a & b", "a &amp; b"),
        ("", "a < b", "a &lt; b"),
    ],
)
def test_what_was_typed_is_marked_and_everything_escaped(typed, text, marked):
    found = highlight.mark(text, highlight.pattern(typed))

    assert found == marked
    assert isinstance(found, SafeString)


def test_a_snippet_begins_near_the_first_find():
    text = "x " * 300 + "desalination" + " y" * 300

    part = highlight.snippet(text, highlight.pattern("desalination"))

    assert part.startswith("…")
    assert part.endswith("…")
    assert "<mark>desalination</mark>" in part
    assert len(part) < highlight.SNIPPET + 30


def test_a_snippet_begins_near_a_find_that_is_written_otherwise():
    text = "㎥ " * 300 + "ＣＯＤ" + " y" * 300

    part = highlight.snippet(text, highlight.pattern("cod"))

    assert part == "…" + "㎥ " * 30 + "<mark>ＣＯＤ</mark>" + " y" * 78 + " " + "…"


def test_a_short_text_is_shown_whole():
    assert highlight.snippet("Treats leachate.", None) == "Treats leachate."
