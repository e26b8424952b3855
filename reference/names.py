"""How a thing of the vocabulary is called: one name per language, English always among them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Length, Trim
from django.db.models.lookups import GreaterThan
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FALLBACK = "en"


def in_language(names: dict[str, str]) -> str:
    """Return the text in the language of the reader, else the English one, else any there is."""
    return names.get(language_told(names), "")


def language_told(names: dict[str, str]) -> str:
    """Return in which language that is; "" without any."""
    language = get_language() or FALLBACK
    for wanted in (language, language.split("-")[0], FALLBACK):
        if names.get(wanted):
            return wanted
    return next((code for code, text in names.items() if text), "")


def validate_names(names: Any) -> None:
    """Refuse what is not a name in each of some languages of the portal, English included."""
    if not isinstance(names, dict) or not all(_is_name(name) for name in names.values()):
        raise ValidationError(_("Give one name per language, none of them empty."))
    if FALLBACK not in names:
        raise ValidationError(_("The English name is missing."))
    unknown = sorted(set(names) - {code for code, _name in settings.LANGUAGES})
    if unknown:
        raise ValidationError(
            _("Not a language of the portal: %(languages)s."),
            params={"languages": ", ".join(unknown)},
        )


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and bool(name.strip())


def english_is_there() -> CheckConstraint:
    """Return the check by which the database refuses a row without an English name."""
    english = Trim(Coalesce(KeyTextTransform(FALLBACK, "names"), Value("")))
    return CheckConstraint(
        name="%(app_label)s_%(class)s_english_name",
        condition=GreaterThan(Length(english), 0),
        violation_error_message=_("The English name is missing."),
    )
