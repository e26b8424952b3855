"""What every page of the officers has: rights, a heading, a history out of the audit."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import DateTimeField, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import acts, audit, rights
from core.beside import links
from core.models import AuditEntry
from core.sentences import follow

# How the filters beside a list ask; nothing that tells part of a value.
EQUALITY = frozenset(
    {"exact", "isnull", "in", "gte", "lt", "id__exact", "code__exact", "pk__exact"}
)
MOST_ACTS = 500

M = TypeVar("M", bound=Model)


def _asked_by(one: Any) -> str:
    """Return how an address names a filter: a column, (column, how), or a question of our own."""
    if isinstance(one, str):
        return one
    return str(getattr(one, "parameter_name", None) or one[0])


class RightsAdmin(admin.ModelAdmin[M]):
    """Shows what the officer may see, lets change what the table grants, deletes nothing."""

    show_full_result_count = False
    list_per_page = 50
    change_form_template = "admin/core/change_with_steps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        return rights.visible(super().get_queryset(request), request.user)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let an address filter by what the page offers, and by nothing else.

        Django lets it ask about any column, hidden ones too: the text of a secret mail, or the
        hash of a password, could be had letter by letter.
        """
        return any(
            lookup == name or lookup.removeprefix(f"{name}__") in EQUALITY
            for name in map(_asked_by, self.list_filter)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Offer no list on the desk at whose address the gate would answer that there is none."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        address = rights.address_of(name)
        held: frozenset[str] = getattr(request.user, "roles", frozenset())
        return address is not None and bool(address.roles & held)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self._may(request, rights.READ, obj)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self._may(request, "edit", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return rights.may_ever(request.user, "add", self.model)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def _may(self, request: HttpRequest, right: str, obj: M | None) -> bool:
        if obj is None:
            return rights.may_ever(request.user, right, self.model)
        return rights.can(request.user, right, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say in which zone a time is typed; Django says only how far the reader's is from it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(db_field, DateTimeField):
            field.help_text = follow(field.help_text, _("Beijing time."))
        return field

    # Headings say what is there; Django's say what one might do with it.

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context = {
                **context,
                "title": context.get("heading") or capfirst(str(self.opts.verbose_name)),
                "beside": links(obj, request.user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # Django's own log of the admin is replaced by the audit: one history, chained.

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        # The form has filled the object in; what was there before is read, and held, here.
        rows = self.model._default_manager.select_for_update(of=("self",), no_key=True)
        stored = rows.order_by().filter(pk=obj.pk).first() if change else None
        form.before = audit.values(stored, self._columns()) if stored else {}
        super().save_model(request, obj, form, change)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Return what is different now; asked when everything is stored, of an added row not."""
        if add:
            return {}
        return audit.differences(form.before, audit.values(form.instance, self._columns()))

    def _columns(self) -> list[str]:
        return [field.name for field in (*self.opts.concrete_fields, *self.opts.many_to_many)]

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:
        return self._note(request, obj, "added", message)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:
        return self._note(request, obj, "changed", message) if message else None

    def _note(self, request: HttpRequest, obj: M, verb: str, message: Any) -> Any:
        subject = audit.subject(obj)
        return audit.record(
            f"{subject.type}.{verb}",
            subject,
            actor=request.user,  # type: ignore[arg-type]  # the gate lets only staff in
            details=message,
        )

    def acted_on(self, obj: M) -> Model:
        """Return what acts on this row are recorded about: the row, or what it belongs to."""
        return obj

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        subject = audit.subject(self.acted_on(obj))
        recorded = AuditEntry.objects.filter(
            subject_type=subject.type, subject_id=str(subject.id)
        ).select_related("actor")
        shown = list(recorded[: MOST_ACTS + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": str(obj),
            "opts": self.opts,
            "object": obj,
            "acts": [_told(act) for act in shown[:MOST_ACTS]],
            "most": MOST_ACTS if len(shown) > MOST_ACTS else None,
        }
        return TemplateResponse(request, "admin/core/history.html", context)


def _told(act: AuditEntry) -> dict[str, Any]:
    """Return a line of a history in the words of the page."""
    return {
        "at": act.at,
        "actor": act.actor,
        "what": acts.in_words(act.act),
        "before": acts.state_in_words(act.subject_type, act.before),
        "after": acts.state_in_words(act.subject_type, act.after),
        "reason": act.reason,
    }


class ReadOnlyAdmin(RightsAdmin[M]):
    """A record nobody edits here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False
