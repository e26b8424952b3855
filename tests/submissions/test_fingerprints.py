"""Every text that is filed leaves its hashes behind, in the transaction that files it."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from submissions import fingerprints as kept
from submissions.checks.look_alikes import fingerprints
from submissions.models import DeclarationVersion, Fingerprint
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts, alike
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def rows(declaration):
    found = Fingerprint.objects.filter(version__declaration=declaration)
    assert all(one.count == len(one.hashes) for one in found)
    return {(one.version.number, one.language): frozenset(one.hashes) for one in found}


def test_filing_keeps_the_hashes_of_the_text_and_of_each_confirmed_translation():
    mine, translated = alike.english(1), alike.chinese(1)
    draft = alike.draft(mine, translations={"zh-hans": translated})
    assert rows(draft) == {}

    build.take(draft, "submit", accounts.owner_of(draft.organisation))

    assert rows(draft) == {
        (1, "en"): fingerprints(alike.TITLE, alike.WHERE, mine),
        (1, "zh-hans"): fingerprints(translated),
    }


def test_what_the_organisation_says_of_itself_is_not_among_them():
    draft = alike.draft(alike.english(1))
    owner = accounts.owner_of(draft.organisation)
    after_sales = alike.english("service")
    values = {"applicant": draft.content["applicant"] | {"after_sales": after_sales}}
    build.fill(draft, values, actor=owner)

    build.take(draft, "submit", owner)

    assert not rows(draft)[1, "en"] & fingerprints(after_sales)


def test_each_version_has_its_own():
    returned = build.returned("technology")
    owner = accounts.owner_of(returned.organisation)
    text = alike.english("corrected")
    values = {"technology": returned.content["technology"] | {"summary": text}}
    build.fill(returned, values, actor=owner)

    perform("submit", returned.pk, actor=owner)

    found = rows(returned)
    assert set(found) == {(1, "en"), (2, "en")}
    assert fingerprints(text) <= found[2, "en"]
    assert not fingerprints(text) & found[1, "en"]


def test_translation_confirmed_later_is_kept_and_replaced_by_the_next():
    filed = alike.filed(alike.english(1))
    first, second = alike.chinese(1), alike.chinese(2)

    alike.confirm(filed, "zh-hans", first)
    assert rows(filed)[1, "zh-hans"] == fingerprints(first)
    alike.confirm(filed, "zh-hans", second)

    assert rows(filed)[1, "zh-hans"] == fingerprints(second)
    assert len(rows(filed)) == 2


def test_filing_that_fails_leaves_none():
    draft = alike.draft(alike.english(1))

    with pytest.raises(RuntimeError), transaction.atomic():
        build.take(draft, "submit", accounts.owner_of(draft.organisation))
        assert Fingerprint.objects.exists()
        raise RuntimeError

    assert not Fingerprint.objects.exists()


def test_a_version_has_one_row_per_language():
    filed = alike.filed(alike.english(1))

    with pytest.raises(DatabaseError), transaction.atomic():
        kept.keep(filed.versions.get())


def test_they_are_seen_with_the_version_and_by_nobody_else():
    filed = alike.filed(alike.english(1))
    people = {
        "owner": accounts.owner_of(filed.organisation),
        "officer": accounts.officer(),
        "stranger": accounts.member(),
        "auditor": accounts.auditor(),
    }

    seen = {who: Fingerprint.objects.visible_to(one).count() for who, one in people.items()}

    assert seen == {"owner": 1, "officer": 1, "stranger": 0, "auditor": 0}


class TestFilling:
    """What was filed before there were fingerprints."""

    @pytest.fixture
    def before(self):
        first = alike.filed(alike.english(1), translations={"zh-hans": alike.chinese("filed")})
        alike.confirm(first, "zh-hans", alike.chinese("later"))
        second = alike.filed(alike.english(2))
        build.declaration(Status.DRAFT)
        there = sorted(map(tuple, self.stored()))
        Fingerprint.objects.all().delete()
        return first, second, there

    @staticmethod
    def stored():
        rows = Fingerprint.objects.values_list("version", "language", "count", "hashes")
        return [(*some, tuple(hashes)) for *some, hashes in rows]

    def test_makes_the_very_rows_that_filing_would_have_made(self, before, capsys):
        call_command("fill_fingerprints")

        assert sorted(self.stored()) == before[2]
        assert capsys.readouterr().out == "2 filed versions were given fingerprints\n"

    def test_goes_on_where_it_was_broken_off_and_twice_is_once(self, before, monkeypatch):
        monkeypatch.setattr(kept, "PIECE", 1)
        assert next(kept.fill()) == 1
        assert Fingerprint.objects.values("version").distinct().count() == 1

        assert list(kept.fill()) == [1]

        assert sorted(self.stored()) == before[2]
        assert list(kept.fill()) == []

    def test_adds_a_translation_that_is_missing_alone_and_touches_nothing_else(self, before):
        call_command("fill_fingerprints")
        Fingerprint.objects.filter(language="zh-hans").delete()
        known = set(Fingerprint.objects.values_list("pk", flat=True))

        call_command("fill_fingerprints")

        assert sorted(self.stored()) == before[2]
        assert known < set(Fingerprint.objects.values_list("pk", flat=True))

    def test_nothing_filed_is_nothing_to_do(self, capsys):
        assert not DeclarationVersion.objects.exists()

        call_command("fill_fingerprints")

        assert capsys.readouterr().out == "0 filed versions were given fingerprints\n"
