"""The officers' pages of sets of rules and of their trials: read, made anew, tried."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import acts, progress, rights
from core.admin import ReadOnlyAdmin
from submissions.checks.rulesets import RULES, Applied
from submissions.models import RuleSet, RuleTrial
from submissions.rule_set_forms import LEVEL_NAMES, PARAM_NAMES
from submissions.trying import OfRule, is_given_up, outcome_of, progress_name
from submissions.views import rule_sets as pages

acts.name({"rule set.added": _("Laid down"), "rule set.tried": _("Tried on an activity")})


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin[RuleSet]):
    list_display = ("code", "version", "title", "created_at")
    fields = ("code", "version", "title", "created_at", "content_hash")
    readonly_fields = ("title",)
    change_form_template = "admin/submissions/rule_set.html"

    @admin.display(description=_("name"))
    def title(self, one: RuleSet) -> str:
        return one.title

    def get_urls(self) -> list[Any]:
        site, name = self.admin_site, "submissions_ruleset"
        return [
            path(
                "<int:rule_set_id>/prepare/", site.admin_view(pages.prepare), name=f"{name}_prepare"
            ),
            path("<int:rule_set_id>/try/", site.admin_view(pages.try_out), name=f"{name}_try"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        rule_set: RuleSet = kwargs["obj"]
        rules = rule_set.load()
        context["rules"] = [_rule(one) for one in rules.applied]
        named = {one.rule for one in rules.applied}
        context["live"] = live_names(rules.applied)
        context["unused"] = [rule.name for name, rule in RULES.items() if name not in named]
        context["manual"] = rules.manual
        if rights.may_ever(request.user, "add", RuleSet):
            context["prepare_url"] = pages.prepare_url(rule_set)
        if rights.may_ever(request.user, "add", RuleTrial):
            context["try_url"] = pages.try_url(rule_set)
        return super().render_change_form(request, context, *args, **kwargs)


def live_names(applied: Iterable[Applied]) -> str:
    """Name the rules of a set that neither the checklist nor a trial runs."""
    return gettext(", ").join(
        str(RULES[one.rule].name) for one in applied if RULES[one.rule].only_live
    )


def _rule(one: Applied) -> dict[str, Any]:
    return {
        "name": RULES[one.rule].name,
        "level": LEVEL_NAMES[one.level],
        "figures": [(PARAM_NAMES[key], value) for key, value in one.params.items()],
    }


@admin.register(RuleTrial)
class RuleTrialAdmin(ReadOnlyAdmin[RuleTrial]):
    """What a set of rules would have returned; the page follows the work while it goes on."""

    list_display = ("rule_set", "activity", "asked_by", "asked_at", "finished_at")
    list_select_related = ("rule_set", "activity", "asked_by")
    list_filter = ("activity",)
    fields = ("rule_set", "activity", "asked_by", "asked_at", "finished_at")
    change_form_template = "admin/submissions/rule_trial.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuleTrial]:
        return super().get_queryset(request).defer("activity__notices")

    def acted_on(self, obj: RuleTrial) -> RuleSet:
        return obj.rule_set

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        trial: RuleTrial = kwargs["obj"]
        outcome = outcome_of(trial)
        running = trial.finished_at is None
        given_up = running and is_given_up(trial)
        context |= {
            "outcome": outcome,
            "rules": [_told(one) for one in outcome.rules],
            "work": progress.of(progress_name(trial)),
            "running": running,
            "given_up": given_up,
            "followed": running and not given_up,
            "live": live_names(trial.rule_set.load().applied),
            "try_url": pages.try_url(trial.rule_set),
        }
        return super().render_change_form(request, context, *args, **kwargs)


def _told(one: OfRule) -> dict[str, Any]:
    return {
        "name": one.name,
        "level": LEVEL_NAMES[one.level],
        "declarations": one.declarations,
        "remarks": one.remarks,
        "failed": one.failed,
    }
