"""By which title an entry in publicity goes: the one that counted when the publicity began."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from core.clock import database_now
from evaluation.models import Case
from evaluation.publicity import page as publicity_page
from evaluation.states import CaseStatus
from submissions.translations import in_force, save_translation
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db

BEFORE, SECOND, AFTER = "先前的标题", "第二个标题", "后来的标题"


def confirm(case, title="", **texts):
    named = {"technology.title": title} if title else {}
    save_translation(
        case.declaration_id,
        "zh-hans",
        {**named, **texts},
        actor=accounts.owner_of(case.declaration.organisation),
        confirm=True,
    )


def places(case):
    """Return the three pages on which everybody reads the title, in Chinese."""
    there = [
        reverse("evaluation:publicity-list"),
        reverse("evaluation:publicity-entry", args=[case.pk]),
        reverse("evaluation:objection-form", args=[case.pk]),
    ]
    return [text(Client().get(url.replace("/en/", "/zh-hans/"))) for url in there]


def test_the_title_that_counted_is_shown_in_the_language_of_the_reader():
    decided = build.case(CaseStatus.DECIDED, experts_wanted=1)
    confirm(decided, BEFORE)
    confirm(decided, SECOND)
    case = build.release(decided)
    confirm(case, AFTER)

    for page in places(case):
        assert SECOND in page
        assert BEFORE not in page
        assert AFTER not in page
    with override("en"):
        english = text(Client().get(reverse("evaluation:publicity-list")))
    assert (case.declaration.title in english, SECOND in english) == (True, False)


def test_what_was_filed_counts_where_nothing_was_confirmed_since():
    filed = submissions.draft(activity=build.activity(experts_wanted=1, publicity_days=7))
    save_translation(
        filed.pk,
        "zh-hans",
        {"technology.title": BEFORE},
        actor=accounts.owner_of(filed.organisation),
        confirm=True,
    )
    for step, actor in (
        ("submit", accounts.owner_of(filed.organisation)),
        ("begin_check", accounts.officer()),
        ("accept", accounts.officer()),
    ):
        submissions.take(filed, step, actor)
    case = Case.objects.get(declaration=filed)
    build.assign(case)
    build.score_all(case)
    build.decide(case)
    case = build.release(case)
    assert case.version.translations.count() == 0

    for page in places(case):
        assert BEFORE in page


@pytest.mark.parametrize("given", ["none", "confirmed", "without title", "late"])
def test_it_says_what_in_force_says(given):
    decided = build.case(CaseStatus.DECIDED, experts_wanted=1)
    if given != "none":
        confirm(
            decided, "" if given == "without title" else BEFORE, **{"technology.summary": "简介"}
        )
    case = build.release(decided)
    if given == "late":
        confirm(case, AFTER)
    counted = in_force(case.version, case.publicity_began_at).get("zh-hans")
    expected = counted.texts.get("technology.title", "") if counted else ""

    with override("zh-hans"):
        entry = publicity_page.entry_of(case.pk, database_now())

    title = (entry.language, entry.title)
    assert title == (("zh-hans", expected) if expected else ("en", case.declaration.title))


def test_the_pages_ask_as_often_with_a_translation_as_without():
    plain = build.case(CaseStatus.PUBLICITY, experts_wanted=1)
    url = reverse("evaluation:publicity-list").replace("/en/", "/zh-hans/")
    with CaptureQueriesContext(connection) as one:
        Client().get(url)
    decided = build.case(CaseStatus.DECIDED, experts_wanted=1)
    confirm(decided, BEFORE)
    build.release(decided)

    with CaptureQueriesContext(connection) as two:
        assert BEFORE in text(Client().get(url))

    assert plain.status == CaseStatus.PUBLICITY
    assert len(one) == len(two) == 4
