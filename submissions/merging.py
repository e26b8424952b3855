"""What an organisation filed, and says of itself, when it is merged into another one."""

from accounts.merging import Mover
from accounts.models import Organisation
from submissions.models import Profile


def _move_profile(source: Organisation, target: Organisation) -> int:
    """Bring the profile along, unless the other one has its own: two cannot be made one."""
    if Profile.objects.filter(organisation=target).exists():
        return 0
    return Profile.objects.filter(organisation=source).update(organisation=target)


MOVERS = (
    Mover("submissions.Declaration", "organisation"),
    Mover("submissions.Profile", "organisation", _move_profile),
)
