"""What an organisation filed, and says of itself, when it is merged into another one."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.merging import Mover
from accounts.models import Organisation
from submissions.models import Profile


def _says_something(content: Any) -> bool:
    """Say whether anything was filled in: a profile is there from the first look at its page."""
    if isinstance(content, dict | list):
        parts = content.values() if isinstance(content, dict) else content
        return any(_says_something(one) for one in parts)
    return content not in (None, "")


def _profile(organisation: Organisation) -> Profile | None:
    found = Profile.objects.filter(organisation=organisation).first()
    return found if found is not None and _says_something(found.content) else None


def _profile_left(source: Organisation, target: Organisation) -> str | Promise | None:
    if _profile(source) is None or _profile(target) is None:
        return None
    return _(
        "Both have a profile. That of the organisation that stays is kept; "
        "the other one is not used any more."
    )


def _move_profile(source: Organisation, target: Organisation) -> int:
    """Bring the profile along, unless the other one has its own: two cannot be made one."""
    if _profile(source) is None or _profile(target) is not None:
        return 0
    Profile.objects.filter(organisation=target).delete()
    return Profile.objects.filter(organisation=source).update(organisation=target)


MOVERS = (
    Mover("submissions.Declaration", "organisation"),
    Mover("submissions.Profile", "organisation", _move_profile, leaves=_profile_left),
)
