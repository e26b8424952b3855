"""The officers' desk of conflicts: connections of people and organisations, and the rules."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import acts, rights
from core.admin import ServiceAdmin
from core.beside import Link, beside
from evaluation.conflicts import connections, own_ties
from evaluation.models import ConflictRule, Connection, Expert

acts.name(
    {
        "connection.recorded": _("Connection recorded"),
        "connection.corrected": _("Connection ended or corrected"),
        "conflict rule.changed": _("Rule of conflicts changed"),
    }
)


class _WithReason(forms.ModelForm[Any]):
    """What is put right is put right with a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why this is changed. It stays in the history of the page."),
    )


class ConnectionForm(_WithReason):
    """A connection an officer found; later only its end, or that it is a mistake."""

    class Meta:
        model = Connection
        fields = (
            "kind",
            "person",
            "other_person",
            "organisation",
            "organisation_name",
            "other_organisation",
            "began_on",
            "ended_on",
            "source",
            "mistaken",
        )
        help_texts = {
            "kind": _(
                "Connect a person with an organisation, two people, or two organisations. "
                "Two people are near relatives, co-inventors or in a joint project; two "
                "organisations are a group, or one holds shares of the other."
            ),
            "other_person": _("What they work for today counts as a tie of the person too."),
            "organisation_name": _("Where it has no entry in the portal, or another name there."),
            "began_on": _("Empty: nobody knows since when."),
            "ended_on": _("Empty: it goes on."),
            "source": _("For example a register, a page of the web, a publication."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            for name in ("reason", "mistaken"):
                self.fields.pop(name, None)


class RuleForm(_WithReason):
    """Whether a kind bars, and for how long."""

    class Meta:
        model = ConflictRule
        fields = ("bars", "years")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk == ConflictRule.Kind.JUDGED:
            self.fields["bars"].help_text = _(
                "Found from the score sheets on earlier declarations of the same applicant or "
                "joint applicant. Where it does not bar, it is shown to who assigns."
            )
            self.fields["years"].help_text = _(
                "After the score sheet was submitted. Empty: for ever. What is older is not shown."
            )
        if self.instance.pk == ConflictRule.Kind.LATE:
            self.fields["bars"].help_text = _(
                "Found from the score sheets excluded for a conflict of interest, on other "
                "declarations of the same applicant or joint applicant. From the declaration of "
                "the sheet itself it bars in any case."
            )
            self.fields["years"].help_text = _("After the conflict was recorded. Empty: for ever.")


class ConnectionAdmin(ServiceAdmin[Connection]):
    form = ConnectionForm
    change_list_template = "evaluation/admin/connections.html"
    list_display = (
        "kind",
        "person",
        "other_person",
        "organisation_name",
        "organisation",
        "other_organisation",
        "began_on",
        "ended_on",
        "mistaken",
    )
    list_filter = ("kind", "mistaken")
    list_select_related = ("person", "other_person", "organisation", "other_organisation")
    search_fields = (
        "person__name",
        "other_person__name",
        "organisation_name",
        "organisation__name_en",
        "organisation__name_zh",
    )
    autocomplete_fields = ("person", "other_person", "organisation", "other_organisation")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = ConnectionForm.Meta.fields
        return (*own, "reason", "recorded_by", "recorded_at") if obj else own[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        fixed = set(ConnectionForm.Meta.fields) - {"ended_on", "mistaken"}
        return (*sorted(fixed), "recorded_by", "recorded_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.own_view)
        return [path("own/", view, name="evaluation_connection_own"), *super().get_urls()]

    def own_view(self, request: HttpRequest) -> HttpResponse:
        """Say which organisations the officer may not judge, and why; the rest hides them."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("What you may not judge"),
            "opts": self.opts,
            "rows": own_ties.of(cast(User, request.user)),
        }
        return TemplateResponse(request, "evaluation/admin/own_ties.html", context)

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        given, actor = dict(form.cleaned_data), cast(User, request.user)
        if change:
            connections.correct(obj.pk, actor=actor, **given)
            return
        obj.pk = connections.record(actor=actor, **given).pk


class ConflictRuleAdmin(ServiceAdmin[ConflictRule]):
    form = RuleForm
    list_display = ("kind", "bars", "years")
    fields = ("kind", "bars", "years", "reason")
    readonly_fields = ("kind",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # there is one for each kind

    def save_model(self, request: HttpRequest, obj: ConflictRule, form: Any, change: bool) -> None:
        connections.change_rule(obj.pk, actor=cast(User, request.user), **form.cleaned_data)


@beside(Expert)
def connections_of(expert: Expert, person: Any) -> Iterator[Link]:
    """Lead to what is known of an expert's connections, and to a new one."""
    found = Connection.objects.visible_to(person).filter(person=expert.user_id)
    rows = found.select_related("person", "other_person", "organisation", "other_organisation")
    for one in rows.filter(mistaken=False)[:20]:
        url = reverse("admin:evaluation_connection_change", args=[one.pk])
        yield Link(_("Connection"), str(one), url)
    if rights.may_ever(person, "add", Connection):
        url = f"{reverse('admin:evaluation_connection_add')}?person={expert.pk}"
        yield Link(_("Connections"), str(_("Record a connection")), url)


# Where the desk lists them, the admin of the app registers them.
PAGES: dict[Any, Any] = {Connection: ConnectionAdmin, ConflictRule: ConflictRuleAdmin}
