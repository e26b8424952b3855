"""Naming the recommending unit, and the page its link opens."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models.people import MAIL_LANGUAGES
from accounts.names import no_link
from core.forms import helper
from core.http import attempt
from submissions import recommending
from submissions.choices import Choices
from submissions.filed import title_of
from submissions.models import DeclarationVersion, Recommendation
from submissions.reading import Reader, ReadSection
from submissions.scheme.fields import LONGEST_EMAIL
from submissions.states import RecommendationStatus, Status
from submissions.views.access import may_edit, own, person

ANSWERS = (
    ("recommend", gettext_lazy("The unit recommends this declaration.")),
    ("decline", gettext_lazy("The unit does not recommend this declaration.")),
)


class UnitForm(forms.Form):
    unit = forms.CharField(
        label=gettext_lazy("Recommending unit"), max_length=200, validators=[no_link]
    )
    address = forms.EmailField(
        label=gettext_lazy("E-mail address of the unit"),
        max_length=LONGEST_EMAIL,
        help_text=gettext_lazy(
            "When you submit, the unit gets a mail with a link, reads what you submitted, and "
            "says whether it recommends it."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=MAIL_LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=ANSWERS, widget=forms.RadioSelect
    )
    opinion = forms.CharField(
        label=gettext_lazy("Opinion"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    signatory = forms.CharField(
        label=gettext_lazy("Signed by"),
        max_length=200,
        help_text=gettext_lazy("Name and office of who signs for the unit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper()


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    declaration = own(request, declaration_id)
    if not declaration.activity.recommended:
        raise Http404
    named = Recommendation.objects.filter(declaration=declaration).first()
    form = None
    if declaration.status == Status.DRAFT and may_edit(request, declaration):
        form = UnitForm(request.POST or None, initial=_begin(named))
        if (
            form.is_bound
            and form.is_valid()
            and attempt(request, form, lambda: _name(request, declaration_id, form))
        ):
            messages.success(request, _("The recommending unit is named."))
            return redirect("submissions:declaration-check", declaration.pk)
    context = {"declaration": declaration, "recommendation": named, "form": form}
    return render(request, "submissions/declaration_unit.html", context)


def _begin(named: Recommendation | None) -> dict[str, str]:
    if named is None:
        language = get_language() or ""
        return {"language": language if language in dict(MAIL_LANGUAGES) else "en"}
    return {"unit": named.unit, "address": named.address, "language": named.language}


def _name(request: HttpRequest, declaration_id: UUID, form: UnitForm) -> None:
    recommending.name_unit(declaration_id, actor=person(request), **form.cleaned_data)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Let who holds the link read the version and answer once; nothing else opens by it."""
    found = recommending.by_token(token)
    if found is None or found.version is None:
        raise Http404
    waiting = found.status == RecommendationStatus.ASKED
    form = AnswerForm(request.POST or None) if waiting else None
    if (
        form is not None
        and form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: _answer(found, form))
    ):
        return redirect("submissions:recommendation", token)
    context: dict[str, Any] = {"recommendation": found, "form": form}
    if waiting:
        version = found.version
        version.declaration = found.declaration
        context |= {"title": title_of(version), "sections": read_without_files(version)}
        context["language"] = version.content["language"]
    return render(request, "submissions/recommendation.html", context)


def _answer(found: Recommendation, form: AnswerForm) -> None:
    inputs = dict(form.cleaned_data)
    recommending.RECOMMENDATIONS.perform(inputs.pop("answer"), found.pk, actor=None, **inputs)


def read_without_files(version: DeclarationVersion) -> list[ReadSection]:
    """Read a version for who holds a link: its files are named, and handed out to accounts only."""
    content = version.content
    scheme = version.declaration.activity.scheme.load()
    reader = Reader(scheme, Choices(), content["language"], names_only=True)
    return reader.sections(content["sections"], content["attachments"])
