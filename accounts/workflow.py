"""What each step of an organisation asks and does."""

from django.db import transaction

from accounts import merging, notifications
from accounts.comparing import as_shown
from accounts.models import Organisation, User
from accounts.states import ORGANISATION
from core.workflow import Act, Step, Workflow


def note_verification(organisation: Organisation, act: Act) -> tuple[str, ...]:
    organisation.verified_at, organisation.status_reason = act.at, ""
    return ("verified_at", "status_reason")


def note_doubt(organisation: Organisation, act: Act) -> tuple[str, ...]:
    organisation.verified_at, organisation.status_reason = None, act.reason
    return ("verified_at", "status_reason")


def note_change(organisation: Organisation, act: Act) -> tuple[str, ...]:
    """Say whose change opened the question again; the portal takes the step itself."""
    editor = act.inputs.get("editor")
    act.details.update({"account": str(editor.pk)} if editor else {})
    organisation.verified_at, organisation.status_reason = None, ""
    return ("verified_at", "status_reason")


ORGANISATIONS: Workflow[Organisation] = Workflow(
    ORGANISATION,
    Organisation,
    {
        "verify": Step((as_shown,), change=note_verification, after=(notifications.tell_verified,)),
        "refuse": Step((as_shown,), change=note_doubt, after=(notifications.tell_refused,)),
        "take_back": Step(change=note_doubt, after=(notifications.tell_taken_back,)),
        "reopen": Step(change=note_change, after=(notifications.tell_reopened,)),
        "merge": Step(guards=(merging.can_be_merged,), change=merging.merge),
    },
)


@transaction.atomic
def merge_organisations(
    source: Organisation,
    target: Organisation | None,
    *,
    actor: User,
    reason: str,
    seen: str | None = None,
) -> Organisation:
    """Merge ``source`` into ``target``; of two merges crosswise the second is told of the first.

    ``seen`` is what the officer had before them (``comparing.print_of``); None: nobody looked.
    """
    both = [one.pk for one in (source, target) if one is not None]
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=both).order_by("pk"))
    return ORGANISATIONS.perform(
        "merge", source.pk, actor=actor, reason=reason, into=target, seen=seen
    )
