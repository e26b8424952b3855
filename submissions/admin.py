"""The officers' pages: activities, the formal check of declarations, schemes to read."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core import acts, rights
from core.admin import StepsAdmin
from core.lifecycle import Transition
from submissions import (  # noqa: F401 -- registers its pages
    admin_activities,
    admin_files,
    admin_look_alikes,
    admin_notices,
    admin_rules,
    admin_schemes,
)
from submissions.admin_changes import changes_page
from submissions.admin_joint import JointConfirmationAdmin
from submissions.admin_queue import Holder, accept_green
from submissions.admin_recommendations import RecommendationAdmin
from submissions.check_forms import GiveTimeForm, RejectForm, ReturnForm
from submissions.contests import HearForm, rejections_of
from submissions.filed import read_version
from submissions.models import (
    Attachment,
    Declaration,
    JointConfirmation,
    Recommendation,
)
from submissions.notifications import remarks_on
from submissions.queue import ORDER, WAITING
from submissions.seen_forms import SeenForm
from submissions.states import Status
from submissions.views.check_desk import check_desk
from submissions.views.worklist import Worklist, desk_url, following_url, open_queue
from submissions.workflow import DECLARATIONS, offered

acts.name(
    {
        "scheme.added": _("Laid down"),
        "activity.added": _("Prepared"),
        "activity.cloned": _("Made after another activity"),
        "declaration.unit_named": _("Recommending unit named"),
        "declaration.joint_asked": _("Joint applicant asked to confirm"),
        "declaration.look_asked": _("Early look asked for"),
        "declaration.look_granted": _("Opened before the closing"),
        "organisation.profile_saved": _("Section of the profile saved"),
        "declaration.started": _("Started"),
        "declaration.copied": _("Copied from an earlier declaration"),
        "declaration.saved": _("Section saved"),
        "declaration.attached": _("File added"),
        "declaration.detached": _("File removed"),
        "declaration.marked": _("Checklist filled in"),
        "declaration.proposal_taken": _("Proposed wording taken over"),
        "declaration.proposal_declined": _("Proposed wording not taken over"),
        "declaration.translation_saved": _("Translation saved"),
        "declaration.translation_confirmed": _("Translation confirmed"),
    }
)


for _model, _page in (admin_activities.PAGES | admin_notices.PAGES).items():
    admin.site.register(_model, _page)


@admin.register(Declaration)
class DeclarationAdmin(StepsAdmin[Declaration]):
    workflow = DECLARATIONS
    step_forms = {
        "accept": SeenForm,
        "return": ReturnForm,
        "give_time": GiveTimeForm,
        "reject": RejectForm,
        "reopen": HearForm,
        "uphold": HearForm,
    }
    change_form_template = "admin/submissions/declaration.html"
    change_list_template = "admin/submissions/declarations.html"
    # The number says in which activity.
    list_display = (
        "number", "filed_title", "organisation", "status", "state_since", "checked_by", "returns",
    )  # fmt: skip
    list_display_links = ("number", "filed_title")
    list_select_related = ("organisation", "checked_by")
    list_filter = ("status", Holder, "activity", "subcategory__field")
    actions = (accept_green,)
    search_fields = (
        "number",
        "version__content__sections__technology__title",
        "organisation__name_en",
        "organisation__name_zh",
    )
    ordering = ORDER
    fields = (
        "number", "status", "organisation", "activity", "submitted_at", "checked_by",
        "corrections_due_on", "language",
    )  # fmt: skip

    def steps_of(self, request: HttpRequest, obj: Declaration) -> list[Transition]:
        return offered(obj, request.user)

    def why_not(self, request: HttpRequest, obj: Declaration, transition: Transition) -> str:
        if obj.status in transition.sources and not rights.can(request.user, transition.right, obj):
            return str(
                _(
                    "You may read this declaration and do not judge it: it concerns you, or you "
                    "rejected it before."
                )
            )
        return super().why_not(request, obj, transition)

    def _after_url(self, request: HttpRequest, obj: Declaration) -> str:
        """Go on checking: to the desk of what was begun, to the next one after a decision."""
        now = Declaration.objects.get(pk=obj.pk)
        if now.status == Status.IN_CHECK:
            return desk_url(now, request)
        if obj.status == Status.RETURNED:  # it was given more time
            return desk_url(now, request)
        return following_url(request, obj)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Worklist]:
        return Worklist

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        # Here one is an officer, not a member: what is one's own organisation's is not here. The
        # title is the one that was filed; the applicant may be at work on the next version.
        mine = Organisation.objects.of_member(request.user)
        rows = super().get_queryset(request).exclude(organisation__in=mine.values("pk"))
        technology = KeyTransform("technology", KeyTransform("sections", F("version__content")))
        title = KeyTextTransform("title", technology)
        return rows.defer("content").annotate(filed=title)

    @admin.display(description=_("Technology"), ordering="filed")
    def filed_title(self, obj: Declaration) -> str:
        return getattr(obj, "filed", "") or ""

    def action_checkbox(self, obj: Declaration) -> SafeString:
        # It says what it chooses: what was filed, not what the applicant is at work on.
        obj.title = self.filed_title(obj)
        return super().action_checkbox(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changes_view)
        at = "<uuid:object_id>/changes/<int:before>/<int:after>/"
        desk = self.admin_site.admin_view(check_desk)
        queue = self.admin_site.admin_view(open_queue)
        alike = self.admin_site.admin_view(self.alike_view)
        pair = "<uuid:object_id>/alike/<uuid:other_id>/"
        return [
            path(pair, alike, name="submissions_declaration_alike"),
            path(at, view, name="submissions_declaration_changes"),
            path("queue/", queue, name="submissions_declaration_queue"),
            path("<uuid:declaration_id>/check/", desk, name="submissions_declaration_check"),
            *super().get_urls(),
        ]

    def changes_view(
        self, request: HttpRequest, object_id: UUID, before: int, after: int
    ) -> HttpResponse:
        declaration = self.get_object(request, str(object_id))
        if declaration is None:
            raise Http404
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return changes_page(request, declaration, (before, after), context)

    def alike_view(self, request: HttpRequest, object_id: UUID, other_id: UUID) -> HttpResponse:
        rows = self.get_queryset(request).select_related(
            "organisation", "activity__scheme", "version"
        )
        pair = rows.in_bulk([object_id, other_id])
        if len(pair) != 2:
            raise Http404
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return admin_look_alikes.alike_page(request, pair[object_id], pair[other_id], context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Declaration = kwargs["obj"]
        context.update(_filed(obj, request.GET.get("version", "")))
        context["alike"] = admin_look_alikes.panel(obj, request.user)
        context["rejections"] = rejections_of(obj)
        context["desk"] = desk_url(obj, request) if obj.status in WAITING else ""
        context |= {"heading": f"{obj.number} {self.filed_title(obj)}", "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)


def _filed(declaration: Declaration, wanted: str) -> dict[str, Any]:
    """Return what the page shows of the version asked for; the one in force when none is."""
    versions = list(declaration.versions.order_by("-number"))
    version = next((one for one in versions if str(one.number) == wanted), versions[0])
    version.declaration = declaration
    scheme = declaration.activity.scheme.load()
    return {
        "versions": versions,
        "version": version,
        "remarks": remarks_on(version, scheme),
        **read_version(version),
    }


admin.site.register(Recommendation, RecommendationAdmin)
admin.site.register(JointConfirmation, JointConfirmationAdmin)


# After the rest on the desk: files are looked for less often than declarations.
admin.site.register(Attachment, admin_files.AttachmentAdmin)
