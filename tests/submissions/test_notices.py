"""Annexes, supporters and themes of an activity, and the desk they are typed at."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from core.models import AuditEntry
from reference.models import Country
from submissions import notices
from submissions.models import Activity, Annex, ClosingChange, DemandTheme, Supporter
from submissions.workflow import ACTIVITIES
from tests.builders import accounts
from tests.builders import notices as build_notices
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def admin_page(name, *args):
    return reverse(f"admin:submissions_{name}", args=args)


class TestParts:
    def test_an_annex_is_looked_into_and_hashed(self):
        activity = build.prepared_activity()

        annex = build_notices.annex(activity, file=build.pdf("../guide.pdf"))

        assert (annex.file_name, annex.media_type) == ("guide.pdf", "application/pdf")
        assert annex.size == annex.file.size
        act = AuditEntry.objects.get(act="annex.added")
        assert act.details == {"activity": activity.code, "sha256": annex.sha256}

    @pytest.mark.parametrize(
        ("upload", "message"),
        [
            (SimpleUploadedFile("form.pdf", b"not a PDF"), "but this is no such file"),
            (SimpleUploadedFile("form.html", b"<html>"), "Only PDF"),
            (None, "Choose a file."),
        ],
    )
    def test_a_wrong_file_is_refused_and_nothing_stored(self, upload, message):
        with pytest.raises(DomainError, match=message) as refusal:
            build_notices.annex(build.prepared_activity(), file=upload)

        assert refusal.value.field == "file"
        assert not Annex.objects.exists()

    @pytest.mark.parametrize(
        "logo",
        [
            SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            build.pdf("logo.pdf"),
        ],
        ids=["svg", "svg called png", "pdf"],
    )
    def test_a_logo_is_a_picture(self, logo):
        with pytest.raises(DomainError) as refusal:
            build_notices.supporter(build.prepared_activity(), logo=logo)

        assert refusal.value.field == "logo"
        assert not Supporter.objects.exists()

    def test_a_logo_can_be_taken_away(self):
        officer = accounts.officer()
        supporter = build_notices.supporter(build.prepared_activity())
        assert supporter.logo_type == "image/png"

        notices.save_supporter(supporter.pk, actor=officer, logo=False)

        supporter.refresh_from_db()
        assert (supporter.logo.name, supporter.logo_type) == ("", "")

    def test_what_was_before_an_edit_is_in_the_audit(self):
        officer = accounts.officer()
        theme = build_notices.theme(build.prepared_activity())
        norway = Country.objects.get(pk="NO")

        notices.save_theme(theme.pk, actor=officer, titles={"en": "Sludge"}, countries=[norway])

        assert AuditEntry.objects.get(act="demand theme.changed").details == {
            "titles": [{"en": "Leachate", "zh-hans": "渗滤液"}, {"en": "Sludge"}],
            "countries": [[], ["NO"]],
        }

    @pytest.mark.parametrize("titles", [{}, {"zh-hans": "表"}, {"en": " "}])
    def test_the_english_title_is_there(self, titles):
        with pytest.raises(DomainError) as refusal:
            build_notices.annex(build.prepared_activity(), titles=titles)

        assert refusal.value.field == "titles"

    def test_once_it_is_open_files_and_themes_stay_as_they_are(self):
        officer = accounts.officer()
        activity = build.prepared_activity()
        annex, theme = build_notices.annex(activity), build_notices.theme(activity)
        supporter = build_notices.supporter(activity)
        ACTIVITIES.perform("open", activity.pk, actor=officer)

        for change in (
            lambda: notices.save_annex(annex.pk, actor=officer, file=build.pdf()),
            lambda: notices.save_annex(annex.pk, actor=officer, shown=False),
            lambda: notices.save_theme(theme.pk, actor=officer, titles={"en": "Other"}),
            lambda: notices.save_theme(
                theme.pk, actor=officer, countries=[Country.objects.get(pk="NO")]
            ),
            lambda: build_notices.theme(activity),
        ):
            with pytest.raises(DomainError, match="cannot change while the activity is open"):
                change()
        notices.save_annex(annex.pk, actor=officer, titles={"en": "Form 1"})
        notices.save_supporter(supporter.pk, actor=officer, shown=False)
        build_notices.annex(activity, titles={"en": "Questions and answers"})

        assert sorted(one.titles["en"] for one in Annex.objects.all()) == [
            "Form 1", "Questions and answers",
        ]  # fmt: skip
        assert DemandTheme.objects.get().titles["en"] == "Leachate"
        assert not Supporter.objects.get().shown

    @pytest.mark.parametrize("who", ["applicant", "auditor", "own house"])
    def test_nobody_else_changes_a_notice(self, who):
        draft = build.draft()
        annex = build_notices.annex(draft.activity)
        actor = {
            "applicant": lambda: accounts.owner_of(draft.organisation),
            "auditor": accounts.auditor,
            "own house": accounts.officer,
        }[who]()
        if who == "own house":
            add_member(draft.organisation.pk, actor, Level.VIEW, actor=None)

        with pytest.raises(PermissionDenied):
            notices.save_annex(annex.pk, actor=actor, titles={"en": "Mine"})

    def test_a_closed_activity_keeps_its_notice(self):
        activity = build.open_activity()
        annex = build_notices.annex(activity)
        build.closed(activity)

        with pytest.raises(PermissionDenied):
            notices.save_annex(annex.pk, actor=accounts.officer(), titles={"en": "Late"})


class TestDesk:
    def test_an_officer_adds_and_mends_an_annex(self):
        officer = accounts.officer()
        desk = accounts.signed_in(officer)
        activity = build.prepared_activity(actor=officer)
        add = f"{admin_page('annex_add')}?activity={activity.pk}"
        form = {"title_en": "Form", "title_zh_hans": "申报表", "order": "1", "shown": "on"}

        assert add.replace("&", "&amp;") in text(
            desk.get(admin_page("activity_change", activity.pk))
        )
        desk.post(add, {**form, "activity": str(activity.pk), "file": build.pdf("form.pdf")})
        annex = Annex.objects.get()
        desk.post(admin_page("annex_change", annex.pk), {**form, "title_en": "Form A"})

        annex.refresh_from_db()
        assert annex.titles == {"en": "Form A", "zh-hans": "申报表"}
        assert (annex.activity, annex.file_name, annex.shown) == (activity, "form.pdf", True)

    def test_a_refused_file_comes_back_at_its_place(self):
        officer = accounts.officer()
        activity = build.prepared_activity(actor=officer)
        form = {"activity": str(activity.pk), "title_en": "Typed", "order": "1", "shown": "on"}

        page = accounts.signed_in(officer).post(
            admin_page("annex_add"), {**form, "file": SimpleUploadedFile("form.pdf", b"no")}
        )

        assert "but this is no such file" in text(page)
        assert 'value="Typed"' in text(page)
        assert not Annex.objects.exists()

    def test_supporters_and_themes_are_typed_in_each_language(self):
        officer = accounts.officer()
        desk = accounts.signed_in(officer)
        activity = build.prepared_activity(actor=officer)
        common = {"activity": str(activity.pk), "order": "0", "shown": "on"}

        desk.post(
            admin_page("supporter_add"),
            {**common, "name_en": "A", "name_zh_hans": "甲", "logo": build_notices.logo()},
        )
        desk.post(
            admin_page("demandtheme_add"),
            {**common, "title_en": "B", "text_zh_hans": "乙", "countries": ["NO", "KZ"]},
        )

        supporter = Supporter.objects.get()
        assert (supporter.names, supporter.logo_type) == (
            {"en": "A", "zh-hans": "甲"}, "image/png",
        )  # fmt: skip
        without = {"name_en": "A", "order": "0", "shown": "on", "no_logo": "on"}
        desk.post(admin_page("supporter_change", supporter.pk), without)
        assert Supporter.objects.get().logo_type == ""
        theme = DemandTheme.objects.get()
        assert (theme.titles, theme.texts) == ({"en": "B"}, {"zh-hans": "乙"})
        assert sorted(theme.countries.values_list("pk", flat=True)) == ["KZ", "NO"]

    def test_a_closing_time_moves_with_its_reason_or_not_at_all(self):
        officer = accounts.officer()
        desk = accounts.signed_in(officer)
        activity = build.open_activity(actor=officer)
        url = admin_page("activity_change", activity.pk)
        later = timezone.localtime(activity.closes_at) + dt.timedelta(days=7)
        form = {
            "closes_at_0": later.strftime("%Y-%m-%d"),
            "closes_at_1": later.strftime("%H:%M:%S"),
            "grace_minutes": "0",
            "contact": "x",
            "title_en": "T",
            "notice_en": "N",
        }

        refused = desk.post(url, form)
        assert "Say why the closing time changes." in text(refused)
        assert not ClosingChange.objects.exists()
        desk.post(url, {**form, "closing_reason": "Floods."})

        assert ClosingChange.objects.get().reason == "Floods."
        assert Activity.objects.get().closes_at == later.replace(microsecond=0)

    def test_a_new_activity_is_begun_after_an_earlier_one(self):
        officer = accounts.officer()
        desk = accounts.signed_in(officer)
        source = build.closed_activity(quota=2, grace_minutes=15, field_codes=["WAT"])
        add = f"{admin_page('activity_add')}?source={source.pk}"

        assert add in text(desk.get(admin_page("activity_change", source.pk)))
        page = desk.get(add)
        initial = page.context["adminform"].form.initial
        assert (initial["quota"], initial["grace_minutes"]) == (2, 15)
        assert initial["title_en"] == source.titles["en"]
        assert "code" not in initial

    def test_a_source_that_is_none_begins_an_empty_form(self):
        desk = accounts.signed_in(accounts.officer())

        page = desk.get(f"{admin_page('activity_add')}?source=nonsense")

        assert "source" not in page.context["adminform"].form.initial


@pytest.mark.parametrize("wrong", [{"quota": 0}, {"quota": -1}, {"grace_minutes": -1}])
def test_terms_that_make_no_sense_are_refused_at_their_field(wrong):
    with pytest.raises(DomainError) as refusal:
        build.prepared_activity(**wrong)

    assert refusal.value.field == next(iter(wrong))
    assert not Activity.objects.exists()
