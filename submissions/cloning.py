"""A new activity made after an earlier one: its settings, annexes, supporters and themes.

What has the earlier one's name on it is not copied: code, dates, declarations.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit, rights
from reference.forms import input_name
from submissions.activities import create_activity
from submissions.models import Activity, Annex, DemandTheme, Supporter

logger = structlog.get_logger(__name__)

Effect = Callable[[Activity, Activity, Any], None]  # (source, made, actor)
Teller = Callable[[Activity], Iterable[str]]  # of the source: what comes along, what does not
_effects: list[tuple[Effect, Teller]] = []


def then(effect: Effect, told: Teller) -> None:
    """Let a higher app copy what it keeps of an activity; called once, from its ready()."""
    _effects.append((effect, told))


def source_of(user: Any, key: str) -> Activity | None:
    """Return the activity a new one is made after, by its key; None where there is none."""
    try:
        return Activity.objects.visible_to(user).filter(pk=key).first() if key else None
    except ValidationError:
        return None


def comes_along(source: Activity) -> list[str]:
    """Say what is copied when the new activity is saved, beside what its form begins with."""
    parts = [
        str(kind._meta.verbose_name_plural)
        for kind in (Annex, Supporter, DemandTheme)
        if _shown(kind, source).exists()
    ]
    own = [_("When you save, these come along: %s.") % _(", ").join(parts)] if parts else []
    new = _("Give it a code and dates of its own.")
    return [*own, *(sentence for _effect, told in _effects for sentence in told(source)), new]


def _shown(kind: Any, source: Activity) -> QuerySet[Any]:
    """Return the annexes, supporters or themes that are copied."""
    found: QuerySet[Any] = kind.objects.filter(activity=source, shown=True).order_by("order", "pk")
    return found


def like(user: Any, source: str) -> dict[str, Any]:
    """Return what the form of a new activity begins with, after the one named by its key."""
    found = source_of(user, source)
    if found is None:
        return {}
    texts = {
        input_name(prefix, code): text
        for prefix, column in (("title", found.titles), ("notice", found.notices))
        for code, text in column.items()
    }
    return {
        "source": found.pk,
        "scheme": found.scheme_id,
        **({"rule_set": found.rule_set_id} if found.rule_set_id else {}),
        "fields": list(found.fields.values_list("pk", flat=True)),
        "grace_minutes": found.grace_minutes,
        "quota": found.quota,
        "sealed": found.sealed,
        "recommended": found.recommended,
        "publicity_days": found.publicity_days,
        "contact": found.contact,
        **texts,
    }


@transaction.atomic
def clone_activity(source: Activity | None, *, actor: Any, **values: Any) -> Activity:
    """Prepare an activity as typed, with the parts of ``source`` (None: with none)."""
    values.pop("closing_reason", None)
    made = create_activity(actor=actor, **values)
    if source is None:
        return made
    if not rights.can(actor, rights.READ, source):
        raise PermissionDenied(f"read activity {source.pk}")
    _copy_annexes(source, made)
    _copy_supporters(source, made)
    _copy_themes(source, made)
    for effect, _told in _effects:
        effect(source, made, actor)
    audit.record(
        "activity.cloned",
        audit.Subject("activity", made.pk),
        actor=actor,
        details={"source": source.code},
    )
    return made


def _copy_annexes(source: Activity, made: Activity) -> None:
    for one in _shown(Annex, source):
        content = _copy(one.file)
        if content is None:
            continue
        one.pk, one.activity, one.file = None, made, content
        one._state.adding = True
        one.save(force_insert=True)


def _copy(stored: Any) -> ContentFile[bytes] | None:
    """Read a file to be stored once more; one that is lost is left out."""
    try:
        with stored.open("rb") as stream:
            return ContentFile(stream.read(), name=str(stored.name).rpartition("/")[2])
    except FileNotFoundError:
        logger.warning("a file of a notice is lost", file=stored.name)
        return None


def _copy_supporters(source: Activity, made: Activity) -> None:
    for one in _shown(Supporter, source):
        if one.logo:
            one.logo = _copy(one.logo) or ""
        one.pk, one.activity = None, made
        one._state.adding = True
        one.save(force_insert=True)


def _copy_themes(source: Activity, made: Activity) -> None:
    themes = _shown(DemandTheme, source)
    for one in themes.prefetch_related("countries"):
        copy = DemandTheme.objects.create(
            activity=made, titles=one.titles, texts=one.texts, order=one.order
        )
        copy.countries.set(one.countries.all())
