"""What the scoring desk shows: the declaration by section beside the criteria and the scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.criteria.asking import dimension_weights
from evaluation.criteria.documents import dimension_document
from evaluation.desk import evidence as places_shown
from evaluation.desk.evidence import PlaceGroup, Shown
from evaluation.desk.forms import ScoreForm, name_of
from evaluation.desk.saving import Entry, Given, Scores
from evaluation.models import Dimension, Indicator, Score, ScoreSheet
from evaluation.results import points_of
from evaluation.states import Recommendation
from reference.names import in_language, language_told
from submissions.choices import Choices
from submissions.filed import read_sections, read_translations
from submissions.models import DeclarationVersion
from submissions.reading import Reader, ReadSection


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores and what it stands for."""

    limits: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator on the desk; ``stored`` only where another page saved something else."""

    indicator: Indicator
    bands: list[Band]
    look_at: list[dict[str, str]]  # sections the criteria set names
    value: BoundField
    comment: BoundField
    without: BoundField | None  # only where the indicator may be said not to apply
    evidence: list[Shown]
    evidence_name: str
    evidence_errors: list[str]
    comment_wanted: bool
    evidence_wanted: bool
    stored: Given | None


@dataclass(frozen=True, slots=True)
class Block:
    """One dimension on the desk, with its mean over what is scored (0 to 100)."""

    dimension: Dimension
    rows: list[Row]
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it."""

    sections: list[ReadSection]
    translations: list[dict[str, Any]]
    blocks: list[Block]
    total: Decimal | None
    scored: int
    wanted: int
    places: list[PlaceGroup]
    stored_words: dict[str, str]


def indicators_of(dimensions: list[Dimension]) -> list[Indicator]:
    return [one for dimension in dimensions for one in dimension.indicators.all()]


def build(
    sheet: ScoreSheet,
    dimensions: list[Dimension],
    form: ScoreForm,
    aside: Mapping[str, Entry] | None = None,
) -> Desk:
    """Lay the desk; ``aside`` is what another page saved meanwhile, to be shown beside the form."""
    version = sheet.assignment.case.version
    sections = read(version)
    places = places_shown.groups_of(sections)
    names = _Names(
        {section.key: section.label for section in sections},
        places_shown.labels_of(places),
        aside or {},
    )
    given = form.scores()
    weights = dimension_weights(map(dimension_document, dimensions))
    means = scoring.figures(weights, _points(sheet, dimensions, given))
    return Desk(
        sections=sections,
        translations=read_translations(version),
        blocks=[
            Block(
                dimension,
                [_row(one, form, names) for one in dimension.indicators.all()],
                scoring.rounded(means.dimensions[dimension.code]),
            )
            for dimension in dimensions
        ],
        total=scoring.rounded(means.total),
        scored=sum(one.value is not None or one.not_applicable for one in given.values()),
        wanted=len(form.indicators),
        places=places,
        stored_words={
            key: text_in_words(key, one) for key, one in names.aside.items() if isinstance(one, str)
        },
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """What the rows are laid out with: labels of sections and places, and what is stored."""

    sections: dict[str, str]
    places: dict[str, str]
    aside: Mapping[str, Entry]


def read(version: DeclarationVersion) -> list[ReadSection]:
    """Read the version that is judged, not the working copy."""
    activity = version.declaration.activity
    reader = Reader(activity.scheme.load(), Choices(activity), version.content["language"])
    sections = read_sections(version, reader)
    for section in sections:
        for fact in section.facts:
            fact["place"] = f"{section.key}.{fact['key']}"
    return sections


def _row(indicator: Indicator, form: ScoreForm, names: _Names) -> Row:
    stored = names.aside.get(str(indicator.pk))
    evidence = form[name_of(indicator.pk, "evidence")]
    comment_wanted, evidence_wanted = form.lacks(indicator)
    return Row(
        indicator=indicator,
        bands=[_band(band) for band in indicator.bands],
        look_at=[
            {"key": key, "label": names.sections[key]}
            for key in indicator.evidence
            if key in names.sections
        ],
        value=form[name_of(indicator.pk, "value")],
        comment=form[name_of(indicator.pk, "comment")],
        without=form[name_of(indicator.pk, "without")] if indicator.not_applicable else None,
        evidence=places_shown.shown(evidence.value() or (), names.places),
        evidence_name=evidence.html_name,
        evidence_errors=list(map(str, evidence.errors)),
        comment_wanted=comment_wanted,
        evidence_wanted=evidence_wanted,
        stored=stored if isinstance(stored, Given) else None,
    )


def _band(band: dict[str, Any]) -> Band:
    texts = band["texts"]
    return Band(f"{band['from']}–{band['to']}", in_language(texts), language_told(texts))


def _points(sheet: ScoreSheet, dimensions: list[Dimension], given: Scores) -> scoring.Scores:
    best = sheet.assignment.case.criteria_set.best
    return {
        f"{dimension.code}.{one.code}": points_of(given.get(one.pk, Given()).value, best)
        for dimension in dimensions
        for one in dimension.indicators.all()
    }


def scores_shown(sheet: ScoreSheet) -> list[tuple[Score, list[Shown]]]:
    """Return the scores of a sheet in the order of the desk, each with its evidence named."""
    rows = sheet.scores.select_related("indicator__dimension").order_by(
        "indicator__dimension__order", "indicator__order"
    )
    scores = list(rows)
    if not any(one.evidence for one in scores):
        return [(one, []) for one in scores]
    sections = read(sheet.assignment.case.version)
    names = places_shown.labels_of(places_shown.groups_of(sections))
    return [(one, places_shown.of_stored(one.evidence, names)) for one in scores]


def text_in_words(word: str, text: str) -> str:
    """Say one of the texts over all as people read it: a recommendation by its label."""
    if word == "recommendation" and text in Recommendation.values:
        return str(Recommendation(text).label)
    return text


def in_words(given: Given | None) -> str:
    """Say what is stored for an indicator, in one line."""
    if given is None:
        return ""
    value = _("not applicable") if given.not_applicable else given.value
    said = "–" if value is None else str(value)
    return f"{said} – {given.comment}" if given.comment else said
