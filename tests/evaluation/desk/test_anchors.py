"""What a score rests on: places of the judged version, and none other."""

import pytest
from django.urls import reverse

from core.errors import DomainError
from evaluation import review_steps
from evaluation.desk import anchors, evidence
from evaluation.desk.saving import Given, save_scores
from evaluation.models import Indicator
from evaluation.results import sheet_document
from evaluation.states import CaseStatus
from evaluation.workflow import perform_sheet
from submissions.files import counting
from tests.builders import accounts, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed():
    """Return a sheet on a declaration with a file, and the file."""
    return build.sheet_with_file()


def level():
    return Indicator.objects.get(code="level")


def cite(sheet, *texts, value=95):
    given = {level().pk: Given(value, "Leads.", evidence=texts)}
    return save_scores(sheet.pk, given, actor=sheet.assignment.expert.user)


def test_an_anchor_names_the_version_and_the_bytes_of_the_file(filed):
    sheet, file = filed
    version = sheet.assignment.case.version
    texts = (
        "technology.summary",
        "technology",
        f"file:{file.pk}",
        f"file:{file.pk}#page=3",
        f"file:{file.pk}#page=3&xywh=percent:0,33,100,34",
        f"file:{file.pk}#page=3&box=0.125,0.300,0.875,0.050",
        f"file:{file.pk}#page=3&box=0.000,0.000,1.000,1.000",
    )

    cite(sheet, *texts)

    stored = sheet.scores.get().evidence
    named = {"version": version.content_hash, "file": str(file.pk), "sha256": file.sha256}
    assert stored == [
        {"version": version.content_hash, "section": "technology", "field": "summary"},
        {"version": version.content_hash, "section": "technology"},
        named,
        {**named, "page": 3},
        {**named, "page": 3, "region": [0, 33, 100, 34]},
        {**named, "page": 3, "box": ["0.125", "0.300", "0.875", "0.050"]},
        {**named, "page": 3, "box": ["0.000", "0.000", "1.000", "1.000"]},
    ]
    assert anchors.texts_of(stored) == texts


@pytest.mark.parametrize(
    "text",
    [
        "technology.nothing",
        "nothing",
        "file:00000000-0000-4000-8000-000000000000",
        "https://example.org/",
        "",
        "technology.summary\n",
        # A rectangle is written in one way only, of a page only: its hash must not depend on it.
        *(
            f"file:{{file}}#page=3&box={box}"
            for box in (
                *("0.1,0.2,0.3,0.4", ".125,0.300,0.400,0.250", "0.125,0.300,0.400"),
                *("1.001,0.000,0.100,0.100", "-0.100,0.000,0.100,0.100", "0.1250,0.3,0.4,0.25"),
                *("0.125, 0.300, 0.400, 0.250", "1e-1,0.000,0.100,0.100", ""),
            )
        ),
        "file:{file}#box=0.125,0.300,0.400,0.250",
        "file:{file}#page=3&box=0.125,0.300,0.400,0.250&xywh=percent:0,0,100,34",
    ],
)
def test_what_is_not_in_the_version_is_no_evidence(filed, text):
    sheet, file = filed

    with pytest.raises(DomainError, match="has no such place"):
        cite(sheet, text.format(file=file.pk))

    assert not sheet.scores.exists()


@pytest.mark.parametrize("region", ["0,0,0,10", "50,0,51,10", "0,90,10,11"])
def test_a_part_of_a_page_lies_within_it(filed, region):
    sheet, file = filed

    with pytest.raises(DomainError, match="within the page"):
        cite(sheet, f"file:{file.pk}#page=1&xywh=percent:{region}")


@pytest.mark.parametrize(
    "box",
    [
        *("0.500,0.000,0.501,0.100", "0.000,0.999,0.100,0.002", "1.000,0.000,0.001,0.100"),
        *("0.100,0.100,0.000,0.100", "0.100,0.100,0.100,0.000"),
    ],
)
def test_a_rectangle_lies_within_its_page_and_is_not_empty(filed, box):
    sheet, file = filed

    with pytest.raises(DomainError, match="within the page"):
        cite(sheet, f"file:{file.pk}#page=1&box={box}")
    assert not sheet.scores.exists()


def test_a_part_of_a_page_is_named_in_words_and_leads_to_its_mark(filed):
    _sheet, file = filed
    labels = {f"file:{file.pk}": "Test report"}
    page = reverse("submissions:attachment-preview", args=[file.pk, 3])
    shown = evidence.shown(
        [
            f"file:{file.pk}#page=3&box=0.125,0.300,0.400,0.250",
            f"file:{file.pk}#page=3&xywh=percent:0,33,100,34",
            f"file:{file.pk}#page=3&xywh=percent:0,10,50,7",
            f"file:{file.pk}#page=3",
        ],
        labels,
    )

    assert [(one.label, one.url) for one in shown] == [
        (
            "Test report, page 3 (part 12–52 across, 30–55 down, in per cent)",
            f"{page}?part=0.125,0.300,0.400,0.250",
        ),
        ("Test report, page 3 (middle third)", f"{page}?part=0.000,0.330,1.000,0.340"),
        (
            "Test report, page 3 (part 0–50 across, 10–17 down, in per cent)",
            f"{page}?part=0.000,0.100,0.500,0.070",
        ),
        ("Test report, page 3", page),
    ]


def test_a_page_that_is_not_in_the_file_is_no_evidence(filed):
    sheet, file = filed

    cite(sheet, f"file:{file.pk}#page=12")
    with pytest.raises(DomainError) as caught:
        cite(sheet, f"file:{file.pk}#page=13&box=0.125,0.300,0.875,0.050")

    assert str(caught.value) == "“Test report” has 12 pages: it has no page 13."
    assert [one["page"] for one in sheet.scores.get().evidence] == [12]


def test_it_is_said_at_the_field_and_nothing_typed_is_lost(filed):
    sheet, file = filed
    client = accounts.signed_in(sheet.assignment.expert.user)
    desk = reverse("evaluation:scoring-desk", args=[sheet.pk])
    form = client.get(desk).context["form"]
    name, wrong = f"score-{level().pk}", f"file:{file.pk}#page=99999"
    typed = {f"{name}-value": "95", f"{name}-comment": "Leads.", f"{name}-evidence": wrong}

    page = client.post(desk, {"begun": form["begun"].value(), **typed, "action": "save"})

    assert page.context["form"].errors == {
        f"{name}-evidence": ["“Test report” has 12 pages: it has no page 99999."]
    }
    body = page.content.decode()
    assert "“Test report” has 12 pages: it has no page 99999." in body
    assert f'value="{wrong}"' in body
    assert not sheet.scores.exists()


def test_a_file_nobody_can_count_holds_no_score_back(filed, monkeypatch, tmp_path):
    sheet, file = filed
    broken = tmp_path / "drawer.py"
    broken.write_text("raise SystemExit(1)")
    monkeypatch.setattr(counting, "PROGRAM", broken)

    cite(sheet, f"file:{file.pk}#page=13")

    assert [one["page"] for one in sheet.scores.get().evidence] == [13]


def test_a_file_that_cannot_be_read_now_holds_no_score_back(filed):
    sheet, file = filed
    file.file.storage.delete(file.file.name)

    cite(sheet, f"file:{file.pk}#page=13")

    assert [one["page"] for one in sheet.scores.get().evidence] == [13]


def test_the_pages_of_a_file_are_counted_once(filed, monkeypatch):
    sheet, file = filed
    cite(sheet, f"file:{file.pk}#page=2")
    monkeypatch.setattr(counting, "run", None)

    cite(sheet, f"file:{file.pk}#page=3")

    assert [one["page"] for one in sheet.scores.get().evidence] == [3]


def test_a_file_laid_beside_another_declaration_is_no_evidence(filed):
    sheet, _file = filed
    other = submissions.attachment(submissions.draft())

    with pytest.raises(DomainError, match="has no such place"):
        cite(sheet, f"file:{other.pk}")


def test_no_more_than_ten_places(filed):
    sheet, file = filed

    cite(sheet, *(f"file:{file.pk}#page={page}" for page in range(1, 11)))
    with pytest.raises(DomainError, match="at most 10 places"):
        cite(sheet, *(f"file:{file.pk}#page={page}" for page in range(1, 12)))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Given(95, "Leads."), "Name the evidence for a score in the best or worst band."),
        (Given(95, "", evidence=("technology",)), "needs a comment"),
        (Given(95, "Leads.", evidence=("technology",)), ""),
        (Given(20, "Behind."), "Name the evidence"),
        (Given(70), ""),
        (Given(), "The score is missing."),
    ],
)
def test_the_outer_bands_need_a_comment_and_evidence(filed, given, sentence):
    sheet, _file = filed
    everything = {**build.full_scores(sheet.assignment.case, 70), level().pk: given}
    actor = sheet.assignment.expert.user
    saved = save_scores(sheet.pk, everything, words=build.WORDS, actor=actor)

    gaps = review_steps.missing(saved.sheet)

    assert [gap.place for gap in gaps] == ([f"indicator-{level().pk}"] if sentence else [])
    assert all(sentence in gap.sentence for gap in gaps)


def test_a_sheet_without_a_recommendation_is_not_submitted():
    sheet = build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))
    build.fill(sheet)
    actor = sheet.assignment.expert.user
    save_scores(sheet.pk, {}, words={"recommendation": ""}, actor=actor)

    with pytest.raises(DomainError, match="1 entry is missing"):
        perform_sheet("submit", sheet.pk, actor=actor)
    with pytest.raises(DomainError, match="Choose one of the recommendations"):
        save_scores(sheet.pk, {}, words={"recommendation": "yes"}, actor=actor)

    assert [gap.place for gap in review_steps.missing(sheet)] == ["over-all"]


def test_recommendation_remark_and_evidence_are_sealed_with_the_scores(filed):
    sheet, _file = filed
    actor = sheet.assignment.expert.user
    save_scores(sheet.pk, {}, words={"remark": "Between us."}, actor=actor)
    build.submit(sheet)
    sheet.refresh_from_db()

    document = sheet_document(sheet)

    assert (document["recommendation"], document["remark"]) == ("include", "Between us.")
    assert {one["evidence"][0]["field"] for one in document["scores"]} == {"summary"}


def test_the_officers_page_leads_to_the_mark_on_the_page(filed):
    sheet, file = filed
    build.fill(sheet)
    cite(sheet, f"file:{file.pk}#page=1&box=0.125,0.300,0.400,0.250")
    perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)
    desk = accounts.signed_in(accounts.officer())
    page = reverse("submissions:attachment-preview", args=[file.pk, 1])

    answer = desk.get(reverse("admin:evaluation_scoresheet_change", args=[sheet.pk]))
    marked = desk.get(f"{page}?part=0.125,0.300,0.400,0.250")

    assert f'<a href="{page}?part=0.125,0.300,0.400,0.250">' in answer.content.decode()
    assert '<rect x="125" y="300" width="400" height="250"/>' in marked.content.decode()


@pytest.mark.parametrize("part", ["", "0.9,0,0.2,0.1", "0.900,0.000,0.200,0.100", '"><b>'])
def test_what_is_no_part_of_a_page_marks_nothing(filed, part):
    sheet, file = filed
    reader = accounts.signed_in(sheet.assignment.expert.user)
    page = reverse("submissions:attachment-preview", args=[file.pk, 1])

    answer = reader.get(page, {"part": part})

    assert answer.context["part"] is None
    assert "<rect" not in answer.content.decode()
