"""What the scoring desk shows: the declaration by section beside the criteria and the scores."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.forms import BoundField

from evaluation import scoring
from evaluation.criteria.asking import dimension_weights
from evaluation.criteria.documents import dimension_document
from evaluation.forms import ScoreForm
from evaluation.models import Dimension, Indicator, Score, ScoreSheet
from evaluation.results import points_of
from evaluation.score_saving import Scores
from reference.names import in_language
from submissions.choices import Choices
from submissions.filed import read_sections, read_translations
from submissions.models import DeclarationVersion
from submissions.reading import Reader, ReadSection


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores and what it stands for."""

    limits: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator on the desk; ``stored`` only where somebody saved something else meanwhile."""

    indicator: Indicator
    bands: list[Band]
    evidence: list[dict[str, str]]
    value: BoundField
    comment: BoundField
    without: BoundField | None  # only where the indicator may be said not to apply
    comment_wanted: bool
    stored: Score | None


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


def indicators_of(dimensions: list[Dimension]) -> list[Indicator]:
    return [one for dimension in dimensions for one in dimension.indicators.all()]


def build(
    sheet: ScoreSheet,
    dimensions: list[Dimension],
    form: ScoreForm,
    stored: ScoreSheet | None = None,
) -> Desk:
    """Lay the desk; ``stored`` is what somebody saved meanwhile, to be shown beside the form."""
    version = sheet.assignment.case.version
    sections = read(version)
    labels = {section.key: section.label for section in sections}
    given = form.scores()
    weights = dimension_weights(map(dimension_document, dimensions))
    means = scoring.figures(weights, _points(sheet, dimensions, given))
    newer = {score.indicator_id: score for score in stored.scores.all()} if stored else {}
    return Desk(
        sections=sections,
        translations=read_translations(version),
        blocks=[
            Block(
                dimension,
                [_row(one, form, labels, newer) for one in dimension.indicators.all()],
                scoring.rounded(means.dimensions[dimension.code]),
            )
            for dimension in dimensions
        ],
        total=scoring.rounded(means.total),
        scored=sum(one.value is not None or one.not_applicable for one in given.values()),
        wanted=len(given),
    )


def read(version: DeclarationVersion) -> list[ReadSection]:
    """Read the version that is judged, not the working copy."""
    activity = version.declaration.activity
    reader = Reader(activity.scheme.load(), Choices(activity), version.content["language"])
    return read_sections(version, reader)


def _row(
    indicator: Indicator, form: ScoreForm, labels: dict[str, str], newer: dict[int, Score]
) -> Row:
    stored = newer.get(indicator.pk)
    value, comment = form[f"value_{indicator.pk}"], form[f"comment_{indicator.pk}"]
    without = form[f"without_{indicator.pk}"] if indicator.not_applicable else None
    shown = (
        str(value.value() if value.value() is not None else ""),
        comment.value() or "",
        bool(without and without.value()),
    )
    differs = stored and shown != (_text(stored.value), stored.comment, stored.not_applicable)
    return Row(
        indicator=indicator,
        bands=[_band(band) for band in indicator.bands],
        evidence=[
            {"key": key, "label": labels[key]} for key in indicator.evidence if key in labels
        ],
        value=value,
        comment=comment,
        without=without,
        comment_wanted=form.comment_wanted(indicator),
        stored=stored if differs else None,
    )


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _band(band: dict[str, Any]) -> Band:
    return Band(f"{band['from']}–{band['to']}", in_language(band["texts"]))


def _points(sheet: ScoreSheet, dimensions: list[Dimension], given: Scores) -> scoring.Scores:
    best = sheet.assignment.case.criteria_set.best
    return {
        f"{dimension.code}.{one.code}": points_of(given[one.pk].value, best)
        for dimension in dimensions
        for one in dimension.indicators.all()
    }
