"""The officers' desk of feedback letters: written on a page of their own, finished by a step."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from core import acts, rights
from core.admin import StepsAdmin
from core.beside import Link, beside
from evaluation.letters.forms import FinishForm, facts_of
from evaluation.letters.writing import LETTERS
from evaluation.models import Case, FeedbackLetter
from evaluation.views import letters as pages

acts.name(
    {
        "feedback letter.begun": _("Letter begun"),
        "feedback letter.saved": _("Letter saved"),
    }
)


@beside(Case)
def letter_of(case: Case, person: Any) -> Iterator[Link]:
    rows = FeedbackLetter.objects.visible_to(person).filter(case=case)
    for letter in rows:
        url = reverse("admin:evaluation_feedbackletter_change", args=[letter.pk])
        yield Link(_("Feedback letter"), letter.get_status_display(), url)


@beside(FeedbackLetter)
def case_of(letter: FeedbackLetter, person: Any) -> Iterator[Link]:
    cases = Case.objects.visible_to(person).filter(pk=letter.case_id)
    for case in cases.select_related("declaration"):
        yield Link(_("Case"), str(case), reverse("admin:evaluation_case_change", args=[case.pk]))


def of_case(case: Case, person: Any) -> dict[str, Any]:
    """Return what the page of a case needs to lead to the letter, or to begin it."""
    if not rights.can(person, "write_letter", case):
        return {}
    letter = FeedbackLetter.objects.visible_to(person).filter(case=case).first()
    begin = reverse("admin:evaluation_feedbackletter_begin", args=[case.pk])
    return {"letter": letter, "begin_letter": begin}


class FeedbackLetterAdmin(StepsAdmin[FeedbackLetter]):
    workflow = LETTERS
    step_forms = {"finish": FinishForm}
    change_form_template = "evaluation/admin/letter.html"
    list_display = ("number", "title", "status", "saved_by", "saved_at", "finished_at")
    list_display_links = ("number", "title")
    list_filter = ("status",)
    list_select_related = ("case__declaration", "saved_by")
    search_fields = ("case__declaration__number", "case__declaration__title")
    fields = (
        "case",
        "status",
        "begun_by",
        "begun_at",
        "saved_by",
        "saved_at",
        "finished_by",
        "finished_at",
        "handed_out_at",
        "content_hash",
    )
    readonly_fields = fields

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "evaluation_feedbackletter"
        return [
            path("begin/<uuid:case_id>/", view(pages.begin), name=f"{name}_begin"),
            path("<uuid:letter_id>/write/", view(pages.write), name=f"{name}_write"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        letter: FeedbackLetter | None = kwargs.get("obj")
        if letter is not None:
            context["passages"] = facts_of(letter)
            if rights.can(request.user, "write", letter):
                url = reverse("admin:evaluation_feedbackletter_write", args=[letter.pk])
                context["write_url"] = url
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("number"), ordering="case__declaration__number")
    def number(self, letter: FeedbackLetter) -> str:
        return letter.case.declaration.number or ""

    @admin.display(description=_("title"))
    def title(self, letter: FeedbackLetter) -> str:
        return letter.case.declaration.title


PAGES: dict[Any, Any] = {FeedbackLetter: FeedbackLetterAdmin}
