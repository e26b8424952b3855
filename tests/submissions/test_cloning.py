"""A new activity made after another."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from core.models import AuditEntry
from evaluation.models import ActivityCriteria
from reference.models import Country
from submissions.cloning import clone_activity, comes_along
from submissions.models import Activity
from submissions.workflow import ACTIVITIES
from tests.builders import accounts
from tests.builders import notices as build_notices
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def stored(file):
    with file.open("rb") as stream:
        return stream.read()


class TestClone:
    def test_it_takes_settings_and_parts_and_leaves_what_was_filed(self):
        officer = accounts.officer()
        source = build.prepared_activity(actor=officer)
        annex = build_notices.annex(source)
        build_notices.annex(source, titles={"en": "Hidden"}, shown=False)
        build_notices.supporter(source)
        build_notices.theme(source, countries=[Country.objects.get(pk="NO")])
        ACTIVITIES.perform("open", source.pk, actor=officer)
        build.draft(activity=source)

        made = clone_activity(
            source,
            actor=officer,
            code="NEXT",
            titles=source.titles,
            notices=source.notices,
            field_codes=["WAT"],
            scheme=source.scheme,
            opens_at=source.opens_at + dt.timedelta(days=365),
            closes_at=source.closes_at + dt.timedelta(days=365),
            publicity_days=5,
            closing_reason="",
        )

        copied = made.annexes.get()
        assert (copied.sha256, copied.titles) == (annex.sha256, annex.titles)
        assert copied.file.name != annex.file.name
        assert stored(copied.file) == stored(annex.file)
        assert stored(made.supporters.get().logo) == build_notices.PNG
        assert [one.pk for one in made.themes.get().countries.all()] == ["NO"]
        assert (made.status, made.declarations.count(), made.closed_at) == ("prepared", 0, None)
        wanted = ActivityCriteria.objects.get(activity=made)
        assert wanted.criteria_set == ActivityCriteria.objects.get(activity=source).criteria_set
        act = AuditEntry.objects.get(act="activity.cloned")
        assert (act.subject_id, act.details) == (str(made.pk), {"source": source.code})
        # The source keeps its own.
        assert source.annexes.count() == 2
        assert source.themes.count() == source.supporters.count() == 1

    def test_nobody_but_an_officer_makes_one(self):
        source = build.open_activity()
        filer = accounts.owner_of(build.draft(activity=source).organisation)

        with pytest.raises(PermissionDenied):
            clone_activity(
                source,
                actor=filer,
                code="MINE",
                titles=source.titles,
                notices=source.notices,
                field_codes=["WAT"],
                scheme=source.scheme,
                opens_at=source.opens_at,
                closes_at=source.closes_at,
                publicity_days=5,
            )

        assert not Activity.objects.filter(code="MINE").exists()


def test_only_what_there_is_comes_along():
    source = build.prepared_activity()
    build_notices.annex(source, titles={"en": "Hidden"}, shown=False)

    nothing = comes_along(source)
    build_notices.annex(source)
    build_notices.theme(source)
    something = comes_along(source)

    own = "When you save, these come along: annexes of notices, demand themes."
    assert (something, own in nothing) == ([own, *nothing], False)
