"""What an enterprise does with a declaration before it is filed."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage

from accounts.roles import Level
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from submissions import services
from submissions.files import attaching, uploads
from submissions.models import Attachment, Declaration, Translation
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return build.draft()


@pytest.fixture
def owner(draft):
    return accounts.owner_of(draft.organisation)


def save(declaration, section, values, actor, revision=None):
    revision = declaration.revision if revision is None else revision
    return services.save_section(declaration.pk, section, values, actor=actor, revision=revision)


def acts(declaration):
    entries = AuditEntry.objects.filter(subject_id=str(declaration.pk)).order_by("pk")
    return [entry.act for entry in entries]


class TestStart:
    def start(self, activity, organisation, actor, key=None, language="en"):
        key = key or uuid.uuid4()
        return services.start(activity, organisation, actor=actor, language=language, key=key)

    def test_owner_begins_a_draft(self):
        organisation = accounts.organisation()
        owner = accounts.owner_of(organisation)

        made = self.start(build.open_activity(), organisation, owner, language="zh-hans")

        assert (made.status, made.language, made.number) == (Status.DRAFT, "zh-hans", None)
        assert acts(made) == ["declaration.started"]

    def test_same_key_begins_one(self):
        organisation, activity, key = accounts.organisation(), build.open_activity(), uuid.uuid4()
        owner = accounts.owner_of(organisation)

        first = self.start(activity, organisation, owner, key)
        second = self.start(activity, organisation, owner, key)

        assert second == first
        assert acts(first) == ["declaration.started"]

    def test_key_of_somebody_else_is_of_no_use(self):
        activity, key = build.open_activity(), uuid.uuid4()
        one, other = accounts.organisation(), accounts.organisation()
        self.start(activity, one, accounts.owner_of(one), key)

        with pytest.raises(DomainError, match="used already"):
            self.start(activity, other, accounts.owner_of(other), key)

    @pytest.mark.parametrize("level", [Level.EDIT, Level.OWN])
    def test_member_who_may_edit_begins(self, level):
        organisation = accounts.organisation()
        member = accounts.member(level, organisation)

        assert self.start(build.open_activity(), organisation, member).created_by == member

    def test_viewer_stranger_and_officer_do_not(self):
        organisation, activity = accounts.organisation(), build.open_activity()
        viewer = accounts.member(Level.VIEW, organisation)

        for person in (viewer, accounts.user(), accounts.officer()):
            with pytest.raises(PermissionDenied):
                self.start(activity, organisation, person)

    @pytest.mark.parametrize("activity", ["prepared_activity", "closed_activity"])
    def test_activity_that_is_not_open_takes_none(self, activity):
        organisation = accounts.organisation()

        with pytest.raises(TransitionError):
            self.start(getattr(build, activity)(), organisation, accounts.owner_of(organisation))

    def test_language_is_one_of_the_portal(self):
        organisation = accounts.organisation()
        owner = accounts.owner_of(organisation)

        with pytest.raises(DomainError) as refusal:
            self.start(build.open_activity(), organisation, owner, language="tlh")

        assert refusal.value.field == "language"


class TestSaveSection:
    def test_values_are_stored_and_title_and_subcategory_read_out(self, draft, owner):
        values = build.content("New title")["technology"] | {"subcategory": "WAT-02"}

        saved = save(draft, "technology", values, owner)

        assert saved.content["technology"] == values
        assert (saved.title, saved.subcategory_id) == ("New title", "WAT-02")
        assert saved.revision == draft.revision + 1

    def test_what_was_left_empty_is_left_out(self, draft, owner):
        saved = save(
            draft,
            "performance",
            {"indicators": [{"name": "A", "unit": "", "typical": None}, {}, {"name": ""}]},
            owner,
        )

        assert saved.content["performance"] == {"indicators": [{"name": "A"}]}

    def test_save_that_changes_nothing_is_no_save(self, draft, owner):
        before = len(acts(draft))

        saved = save(draft, "technology", build.content()["technology"], owner, revision=0)

        assert saved.revision == draft.revision
        assert len(acts(draft)) == before

    def test_old_revision_of_the_same_section_is_refused(self, draft, owner):
        colleague = accounts.member(Level.EDIT, draft.organisation)
        values = build.content()["technology"]
        save(draft, "technology", values | {"summary": "Hers"}, colleague)

        with pytest.raises(services.StaleRevision) as stale:
            save(draft, "technology", values | {"summary": "Mine"}, owner)

        assert stale.value.stored.content["technology"]["summary"] == "Hers"
        draft.refresh_from_db()
        assert draft.content["technology"]["summary"] == "Hers"

    def test_two_people_save_two_sections(self, draft, owner):
        colleague = accounts.member(Level.EDIT, draft.organisation)
        save(draft, "property", {}, colleague)

        saved = save(draft, "cases", {}, owner)

        assert "cases" not in {key for key, value in saved.content.items() if value}
        assert saved.content["property"] == {}

    @pytest.mark.parametrize(
        ("section", "values", "field"),
        [
            ("technology", {"title": "x" * 50_001}, "title"),
            ("technology", {"subcategory": "XXX-99"}, "subcategory"),
            ("technology", {"status": "accepted"}, "status"),
            ("performance", {"indicators": [{"typical": 98.5}]}, "indicators.0.typical"),
            ("weather", {}, None),
        ],
    )
    def test_value_the_scheme_does_not_take_is_refused(self, draft, owner, section, values, field):
        with pytest.raises(DomainError) as refusal:
            save(draft, section, values, owner)

        assert refusal.value.field == field

    def test_a_text_over_its_limit_is_kept_and_named_by_its_beginning(self, draft, owner):
        saved = save(draft, "technology", {"title": "x" * 201}, owner)

        assert saved.content["technology"]["title"] == "x" * 201
        assert saved.title == "x" * 200

    def test_subcategory_is_one_of_the_activity(self):
        draft = build.draft(activity=build.open_activity(field_codes=["WAT"]))
        values = build.content()["technology"] | {"subcategory": "AIR-01"}

        with pytest.raises(DomainError, match="not offered"):
            save(draft, "technology", values, accounts.owner_of(draft.organisation))

    def test_stranger_viewer_and_officer_cannot_save(self, draft):
        viewer = accounts.member(Level.VIEW, draft.organisation)

        for person, error in (
            (accounts.user(), PermissionDenied),
            (accounts.officer(), PermissionDenied),
            (viewer, DomainError),
        ):
            with pytest.raises(error):
                save(draft, "property", {"rights": [{"kind": "patent"}]}, person)

    @pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.RETURNED}))
    def test_what_is_filed_cannot_be_changed(self, status):
        filed = build.declaration(status)

        with pytest.raises(TransitionError):
            save(filed, "property", {"rights": []}, accounts.owner_of(filed.organisation))

    def test_returned_declaration_can_be_changed_where_it_was_returned(self):
        returned = build.declaration(Status.RETURNED)  # names the summary
        owner = accounts.owner_of(returned.organisation)
        better = build.content()["technology"] | {"summary": "Says what is treated."}

        assert save(returned, "technology", better, owner).content["technology"] == better
        with pytest.raises(DomainError, match="not part of what was returned for correction"):
            save(returned, "cases", {"cases": []}, owner)

    def test_what_a_correction_made_wrong_opens_too(self):
        filed = build.declaration(Status.IN_CHECK)
        owner, officer = accounts.owner_of(filed.organisation), accounts.officer()
        asked = [{"section": "economics", "field": "energy_use", "reason": "State it."}]
        returned = perform("return", filed.pk, actor=officer, reason="x", corrections=asked)
        before = returned.content["economics"]

        with_use = save(returned, "economics", before | {"energy_use": "0.4"}, owner)
        whole = before | {"energy_use": "0.4", "energy_unit": "kWh/m3"}

        assert save(with_use, "economics", whole, owner).content["economics"] == whole
        returned.refresh_from_db()
        with pytest.raises(DomainError, match="not part of what was returned for correction"):
            save(returned, "economics", whole | {"costs": []}, owner)


class TestTranslation:
    def write(self, draft, actor, texts, *, confirm=False, language="zh-hans", **more):
        return services.save_translation(
            draft.pk, language, texts, actor=actor, confirm=confirm, **more
        )

    def test_translation_is_saved_and_confirmed(self, draft, owner):
        saved = self.write(draft, owner, {"technology.title": "膜"})
        assert (saved.texts, saved.confirmed_by) == ({"technology.title": "膜"}, None)

        confirmed = self.write(draft, owner, {"technology.title": "膜"}, confirm=True)
        assert (confirmed.pk, confirmed.confirmed_by) == (saved.pk, owner)

    def test_change_of_the_original_takes_the_confirmation_back(self, draft, owner):
        self.write(draft, owner, {"technology.title": "膜"}, confirm=True)

        save(draft, "technology", build.content("Another")["technology"], owner)

        assert Translation.objects.get().confirmed_at is None

    def test_change_of_another_text_leaves_it(self, draft, owner):
        self.write(draft, owner, {"technology.title": "膜"}, confirm=True)

        save(draft, "technology", build.content()["technology"] | {"summary": "New"}, owner)

        assert Translation.objects.get().confirmed_by == owner

    @pytest.mark.parametrize(
        ("language", "texts", "confirm"),
        [
            ("en", {"technology.title": "x"}, False),
            ("tlh", {"technology.title": "x"}, False),
            ("zh-hans", {"technology.maturity": "x"}, False),
            ("zh-hans", {"technology.title": "膜" * 201}, True),
            ("zh-hans", {"technology.title": "膜" * 50_001}, False),
            ("zh-hans", {}, True),
        ],
    )
    def test_translation_that_makes_no_sense_is_refused(
        self, draft, owner, language, texts, confirm
    ):
        with pytest.raises(DomainError):
            self.write(draft, owner, texts, confirm=confirm, language=language)

        assert not Translation.objects.exists()

    def test_old_revision_is_refused(self, draft, owner):
        self.write(draft, owner, {"technology.title": "一"}, revision=0)

        with pytest.raises(services.StaleRevision) as stale:
            self.write(draft, owner, {"technology.title": "二"}, revision=0)

        assert stale.value.stored.texts == {"technology.title": "一"}


class TestAttachments:
    def test_file_is_stored_under_a_name_of_ours(self, draft, owner):
        made = build.attachment(draft, upload=build.pdf("../../报告.pdf"))

        assert made.file_name == "报告.pdf"
        assert made.file.name.startswith("attachments/")
        assert "报告" not in made.file.name
        assert made.file.size == made.size
        assert acts(draft)[-1] == "declaration.attached"

    def test_same_file_again_is_the_same_one(self, draft):
        upload = build.pdf()
        first = build.attachment(draft, upload=upload)
        upload.seek(0)

        assert build.attachment(draft, upload=upload) == first
        assert len(default_storage.listdir("attachments")[1]) == 1

    def test_untitled_file_is_called_by_its_name(self, draft):
        assert build.attachment(draft, title=" ").title == "report.pdf"

    def test_kind_is_one_of_the_list(self, draft):
        with pytest.raises(DomainError) as refusal:
            build.attachment(draft, kind="virus")

        assert refusal.value.field == "kind"

    def test_refused_file_leaves_nothing_behind(self, draft):
        with pytest.raises(PermissionDenied):
            build.attachment(draft, actor=accounts.user())

        assert not default_storage.exists("attachments")
        assert not Attachment.objects.exists()

    def test_number_of_files_has_a_limit(self, draft, monkeypatch):
        monkeypatch.setattr(attaching, "MOST_ATTACHMENTS", 1)
        build.attachment(draft)

        with pytest.raises(uploads.UploadError, match="too many"):
            build.attachment(draft)

    def test_removed_file_is_gone(self, draft, owner, django_capture_on_commit_callbacks):
        made = build.attachment(draft)

        with django_capture_on_commit_callbacks(execute=True):
            services.remove_attachment(made.pk, actor=owner)
            services.remove_attachment(made.pk, actor=owner)

        assert default_storage.listdir("attachments")[1] == []
        assert acts(draft).count("declaration.detached") == 1

    def test_file_that_was_filed_is_kept(self, owner, draft, django_capture_on_commit_callbacks):
        made = build.attachment(draft)
        officer = accounts.officer()
        build.take(draft, "submit", owner)
        build.take(draft, "begin_check", officer)
        asked = [{"section": "performance", "kind": made.kind, "reason": "Not legible."}]
        perform("return", draft.pk, actor=officer, reason="x", corrections=asked)

        with django_capture_on_commit_callbacks(execute=True):
            services.remove_attachment(made.pk, actor=owner)

        made.refresh_from_db()
        assert made.filed_with.number == 1
        assert default_storage.exists(made.file.name)

    def test_stranger_removes_nothing(self, draft):
        made = build.attachment(draft)

        with pytest.raises(PermissionDenied):
            services.remove_attachment(made.pk, actor=accounts.user())


class TestWhoSeesAttachments:
    def test_officer_sees_only_what_was_filed(self):
        returned = build.returned("performance")
        build.attachment(returned)
        officer = accounts.officer()

        assert not Attachment.objects.visible_to(officer).exists()
        assert Declaration.objects.visible_to(officer).count() == 1

        build.take(returned, "submit", accounts.owner_of(returned.organisation))

        assert Attachment.objects.visible_to(officer).count() == 1

    def test_member_sees_what_stands_and_stranger_nothing(self, draft, owner):
        kept, removed = build.attachment(draft), build.attachment(draft)
        services.remove_attachment(removed.pk, actor=owner)

        assert list(Attachment.objects.visible_to(owner)) == [kept]
        assert not Attachment.objects.visible_to(accounts.user()).exists()
