"""The text of a declaration in another language, beside the original."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from submissions import services
from submissions.forms import TranslationForm, TranslationSaveForm
from submissions.models import LANGUAGE_CHOICES, Declaration, Translation
from submissions.states import EDITABLE
from submissions.translations import InForce, in_force
from submissions.views.access import may_translate, own, person
from submissions.views.activities import moment


@require_http_methods(["GET", "HEAD", "POST"])
def translation(request: HttpRequest, declaration_id: UUID, language: str) -> HttpResponse:
    declaration = own(request, declaration_id)
    if language == declaration.language or language not in dict(LANGUAGE_CHOICES):
        raise Http404
    stored = declaration.translations.filter(language=language).first()
    pairs = declaration.activity.scheme.load().translatable()
    form = TranslationForm(
        request.POST or None, declaration=declaration, translation=stored, pairs=pairs
    )
    if form.is_bound:
        return _save(request, declaration, language, form)
    if not may_translate(request, declaration):
        messages.info(request, _("This declaration cannot be changed now."))
        return redirect("submissions:declaration-detail", declaration.pk)
    return _page(request, declaration, language, form, stored)


def _save(
    request: HttpRequest, declaration: Declaration, language: str, form: TranslationForm
) -> HttpResponse:
    button = TranslationSaveForm(request.POST)
    stored = declaration.translations.filter(language=language).first()
    if not (form.is_valid() and button.is_valid()):
        return _page(request, declaration, language, form, stored)
    confirm = button.cleaned_data["action"] == "confirm"
    try:
        services.save_translation(
            declaration.pk,
            language,
            form.texts(),
            actor=person(request),
            confirm=confirm,
            revision=button.cleaned_data["revision"],
        )
    except services.StaleRevision as stale:
        return _page(request, declaration, language, form, stale.stored, notice=str(stale))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, declaration, language, form, stored)
    messages.success(request, _("Saved and confirmed.") if confirm else _("Saved."))
    return redirect("submissions:declaration-detail", declaration.pk)


def _page(
    request: HttpRequest,
    declaration: Declaration,
    language: str,
    form: TranslationForm,
    stored: Translation | None,
    *,
    notice: str = "",
) -> HttpResponse:
    pairs = form.pairs()
    if notice and stored:
        for pair in pairs:
            pair["stored"] = stored.texts.get(pair["field"].name, "")
    context = {
        "declaration": declaration,
        "language": {
            "code": language,
            "name": dict(LANGUAGE_CHOICES)[language],
            "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
        },
        "form": form,
        "pairs": pairs,
        "translation": stored,
        "revision": stored.revision if stored else 0,
        "notice": notice,
        "counting": _counting_note(declaration, stored, _counting(declaration).get(language)),
        "filed": declaration.status not in EDITABLE,
    }
    status = 409 if notice else 200
    return render(request, "submissions/declaration_translation.html", context, status=status)


def offered(declaration: Declaration) -> list[dict[str, Any]]:
    """Offer each other language of the portal, with how far its translation is."""
    stored = {one.language: one for one in declaration.translations.all()}
    counting = _counting(declaration)
    return [
        {
            "code": code,
            "name": name,
            "url": reverse("submissions:declaration-translation", args=[declaration.pk, code]),
            "status": _status(stored.get(code)),
            "note": _counting_note(declaration, stored.get(code), counting.get(code)),
        }
        for code, name in LANGUAGE_CHOICES
        if code != declaration.language
    ]


def _status(stored: Translation | None) -> dict[str, str]:
    if stored is None or not stored.texts:
        return {"label": _("none"), "tone": "neutral"}
    if stored.confirmed_at:
        return {"label": _("confirmed"), "tone": "success"}
    return {"label": _("not confirmed"), "tone": "warning"}


def _counting(declaration: Declaration) -> dict[str, InForce]:
    """What counts beside the version now in force; nothing while a new one is written."""
    if declaration.version is None or declaration.status in EDITABLE:
        return {}
    return in_force(declaration.version)


def _counting_note(
    declaration: Declaration, stored: Translation | None, counting: InForce | None
) -> str:
    """Say of which version a translation is and when it was confirmed, and whether it still is."""
    if counting is None or declaration.version is None:
        return ""
    values = {
        "number": declaration.version.number,
        "moment": moment(counting.confirmed_at),
    }
    if stored and stored.texts != counting.texts:
        return (
            _(
                "Changed since. What counts is the translation of version %(number)d "
                "that you confirmed on %(moment)s."
            )
            % values
        )
    return _("Translation of version %(number)d, confirmed on %(moment)s.") % values
