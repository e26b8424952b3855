"""The page a joint applicant's link opens, and the applicant's page of who has confirmed."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import rights
from core.forms import helper
from core.http import attempt
from submissions import joint
from submissions.changed import Changes, changes_between
from submissions.filed import title_of
from submissions.models import JointConfirmation
from submissions.states import JointStatus
from submissions.views.access import own, person
from submissions.views.recommendations import read_without_files

ANSWERS = (
    ("confirm", gettext_lazy("We declare this technology together, and confirm this version.")),
    ("decline", gettext_lazy("We do not confirm this version.")),
)
TONES = {
    JointStatus.ASKED: "warning",
    JointStatus.CONFIRMED: "success",
    JointStatus.DECLINED: "danger",
}


class ConfirmForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=ANSWERS, widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        help_text=gettext_lazy("Needed if you do not confirm: what is not right."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    signatory = forms.CharField(
        label=gettext_lazy("Signed by"),
        max_length=200,
        help_text=gettext_lazy("Name and office of who signs for your organisation."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class ResendForm(forms.Form):
    confirmation = forms.UUIDField()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Let who holds the link read the version and answer once; nothing else opens by it."""
    found = joint.by_token(token)
    if found is None:
        raise Http404
    waiting = joint.is_waiting(found)
    form = ConfirmForm(request.POST or None) if waiting else None
    if (
        form is not None
        and form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: _answer(found, form))
    ):
        return redirect("submissions:joint-confirmation", token)
    context: dict[str, Any] = {"confirmation": found, "form": form}
    if waiting:
        version = found.version
        version.declaration = found.declaration
        context |= {
            "title": title_of(version),
            "language": version.content["language"],
            "sections": read_without_files(version),
            **_since(found),
        }
    return render(request, "submissions/joint_confirmation.html", context)


def _answer(found: JointConfirmation, form: ConfirmForm) -> None:
    inputs = dict(form.cleaned_data)
    joint.CONFIRMATIONS.perform(inputs.pop("answer"), found.pk, actor=None, **inputs)


def _since(found: JointConfirmation) -> dict[str, Changes | JointConfirmation]:
    """Return what changed since this joint applicant answered last, without the other's profile."""
    before = joint.answered_before(found)
    if before is None:
        return {}
    before.version.declaration = found.declaration
    changes = changes_between(before.version, found.version).of_the_technology()
    return {"changes": changes, "before": before}


@require_http_methods(["GET", "HEAD", "POST"])
def confirmations(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Show who of the joint applicants has confirmed the version in force; write to one again."""
    declaration = own(request, declaration_id)
    rows = list(joint.of_version(declaration.version))
    if not rows:
        raise Http404
    form = ResendForm(request.POST or None)
    if form.is_valid():
        pk = form.cleaned_data["confirmation"]
        one = get_object_or_404(joint.of_version(declaration.version), pk=pk)
        if not rights.can(person(request), "resend", one):
            raise Http404
        if attempt(request, None, lambda: _resend(request, one)):
            messages.success(request, _("The mail goes out again, with a new link."))
        return redirect("submissions:declaration-joint", declaration.pk)
    context = {
        "declaration": declaration,
        "rows": [_row(request, one, declaration) for one in rows],
    }
    return render(request, "submissions/declaration_joint.html", context)


def _row(request: HttpRequest, one: JointConfirmation, declaration: Any) -> dict[str, Any]:
    one.declaration = declaration
    status = JointStatus(one.status)
    return {
        "one": one,
        "unasked": status == JointStatus.ASKED and not one.address,
        "status": {"label": status.label, "tone": TONES.get(status, "neutral")},
        "may_resend": joint.is_waiting(one)
        and bool(one.address)
        and rights.can(person(request), "resend", one),
    }


def _resend(request: HttpRequest, one: JointConfirmation) -> None:
    joint.CONFIRMATIONS.perform("resend", one.pk, actor=person(request))
