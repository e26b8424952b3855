"""The officers' pages that make the next version of a set of rules, and try one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core import rights
from core.errors import DomainError
from core.http import attempt
from submissions import rule_sets, trying
from submissions.models import RuleSet, RuleTrial
from submissions.rule_set_forms import NEW_ROWS, ManualItemsFormSet, RulesForm, TrialForm
from submissions.views.access import person

MORE = "more"
NEWEST = 10  # trials shown beside the form


def prepare_url(rule_set: RuleSet) -> str:
    return reverse("admin:submissions_ruleset_prepare", args=[rule_set.pk])


def try_url(rule_set: RuleSet) -> str:
    return reverse("admin:submissions_ruleset_try", args=[rule_set.pk])


def prepare(request: HttpRequest, rule_set_id: int) -> HttpResponse:
    """Show every rule and manual item as they are, and lay down what is changed."""
    rule_set = _rule_set(request, rule_set_id, RuleSet)
    form = RulesForm(request.POST or None, rules=rule_set.document["rules"])
    items = ManualItemsFormSet(_posted(request), initial=rule_set.document["manual"])
    asked_for_more = request.POST.get("action") == MORE
    if request.method == "POST" and not asked_for_more and form.is_valid() and items.is_valid():
        document = {"rules": form.rules(), "manual": items.items()}
        try:
            made = rule_sets.next_version(rule_set, document, actor=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            done = _("Version %(version)d is laid down. An activity can use it now.")
            messages.success(request, done % {"version": made.version})
            return redirect("admin:submissions_ruleset_change", made.pk)
    context = {
        **_context(rule_set, _("New version after %(set)s") % {"set": rule_set}),
        **admin.site.each_context(request),
        "form": form,
        "items": items,
        "newer": _newer(rule_set),
    }
    return TemplateResponse(request, "admin/submissions/rule_set_prepare.html", context)


def _newer(rule_set: RuleSet) -> RuleSet | None:
    newest = rule_sets.newest_version(rule_set)
    return newest if newest != rule_set else None


def _posted(request: HttpRequest) -> Any:
    """Return what was typed of the manual items, with room for more when that was asked for."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    total = data.get("form-TOTAL_FORMS", "")
    if data.get("action") == MORE and total.isdecimal():
        data["form-TOTAL_FORMS"] = str(min(int(total) + NEW_ROWS, ManualItemsFormSet.max_num))
    return data


def try_out(request: HttpRequest, rule_set_id: int) -> HttpResponse:
    """Ask on which activity the set is tried, and show what was tried before."""
    rule_set = _rule_set(request, rule_set_id, RuleTrial)
    form = TrialForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made: list[RuleTrial] = []

        def ask() -> None:
            activity = form.cleaned_data["activity"]
            made.append(trying.ask_trial(rule_set, activity, actor=person(request)))

        if attempt(request, form, ask):
            return redirect("admin:submissions_ruletrial_change", made[0].pk)
    trials = RuleTrial.objects.visible_to(request.user).filter(rule_set=rule_set)
    context = {
        **_context(rule_set, _("Try %(set)s") % {"set": rule_set}),
        **admin.site.each_context(request),
        "form": form,
        "trials": trials.select_related("activity")[:NEWEST],
    }
    return TemplateResponse(request, "admin/submissions/rule_set_try.html", context)


def _rule_set(request: HttpRequest, pk: int, added: type[RuleSet | RuleTrial]) -> RuleSet:
    """Return the set for who may see it and lay down what comes of the page."""
    rule_set = RuleSet.objects.visible_to(request.user).filter(pk=pk).first()
    if rule_set is None:
        raise Http404
    if not rights.may_ever(request.user, "add", added):
        raise PermissionDenied(f"add {rights.name_of(added)}")
    return rule_set


def _context(rule_set: RuleSet, title: str) -> dict[str, Any]:
    return {"title": title, "opts": RuleSet._meta, "original": rule_set}
