"""The officers' desk as a whole: its name, and its parts in the order in which an officer works."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from pool_portal.office_work import officers_desk

# From the notice to the catalogue; then who takes part, the vocabulary, the records. Within an
# app its pages stand as its admin registers them, but for what is read last.
ORDER = ("submissions", "evaluation", "catalog", "accounts", "reference", "core")
LAST = ("DeclarationScheme", "RuleSet", "RuleTrial")


class DeskSite(AdminSite):
    site_title = site_header = index_title = _("Officers’ desk")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user: Any = request.user  # a signed-in person: nobody else comes in here
        work = officers_desk(user) if Role.OFFICER in user.roles else None
        return super().index(request, {"work": work, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        parts = self._build_app_dict(request, app_label)
        for part in parts.values():
            part["models"].sort(key=_place)
        return [parts[label] for label in sorted(parts, key=ORDER.index)]

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        title = {part["app_label"]: part["name"] for part in self.get_app_list(request)}
        context = {"title": title.get(app_label, ""), **(extra_context or {})}
        return super().app_index(request, app_label, context)


def _place(page: dict[str, Any]) -> int:
    name = page["object_name"]
    return LAST.index(name) + 1 if name in LAST else 0
