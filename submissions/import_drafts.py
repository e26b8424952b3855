"""Makes drafts of records of the technology schema, through the services a person uses.

A record makes one draft per activity, however often it is imported: a draft that is there is
left alone, a person may have gone on with it.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import services as accounts
from accounts.models import Organisation, User
from core.errors import DomainError
from reference.models import Country
from submissions import importing, services
from submissions.choices import Choices, unit_codes
from submissions.import_lines import FIELDS, Line, Record
from submissions.models import Activity, Declaration
from submissions.scheme import Scheme
from submissions.scheme.fields import Kind

# The key of a draft is made of its activity and the id of its line.
NAMESPACE = uuid.UUID("6f2d6d0e-6f3a-5f0f-9a52-0d1a3c9b7e11")
LANGUAGE = "en"
# Owns what was imported until an officer hands it over; nobody can sign in to it.
KEEPER = "imported-declarations@portal.invalid"
KEEPER_NAME = "Imported declarations"


class Outcome(StrEnum):
    MADE = "made"
    THERE = "there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one line."""

    number: int
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where drafts go; without an organisation, each to that of its enterprise."""

    activity: Activity
    actor: User
    organisation: Organisation | None = None


def load(lines: Iterable[Line], target: Target) -> Iterator[Imported]:
    """Make a draft of each line that is a record; what is refused leaves nothing behind."""
    for line in lines:
        if line.record is None:
            yield Imported(line.number, Outcome.REFUSED, line.reason)
            continue
        try:
            with transaction.atomic(), override(LANGUAGE):
                yield Imported(line.number, _draft(line.record, target))
        except DomainError as error:
            yield Imported(line.number, Outcome.REFUSED, str(error))


def keeper() -> User:
    """Return the account that keeps what was imported: without a password, and shut."""
    with transaction.atomic():
        found = User.objects.select_for_update(no_key=True).filter(email=KEEPER).first()
        if found is None:
            found = accounts.create_account(
                email=KEEPER, name=KEEPER_NAME, language=LANGUAGE, password=None
            )
            accounts.suspend(found, actor=None, reason="Nobody signs in to this account.")
    return found


def key_of(activity: Activity, identity: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{activity.code}/{identity}")


def _draft(record: Record, target: Target) -> Outcome:
    key = key_of(target.activity, record["id"])
    if Declaration.objects.filter(start_key=key).exists():
        return Outcome.THERE
    organisation = target.organisation or _organisation(record["enterprise"], target.actor)
    try:
        draft = services.start(
            target.activity, organisation, actor=target.actor, language=LANGUAGE, key=key
        )
    except PermissionDenied:
        raise DomainError(_("This account may not declare for the organisation.")) from None
    scheme = draft.activity.scheme.load()
    for section, values in _sections(record, scheme, target.activity).items():
        draft = services.save_section(
            draft.pk, section, values, actor=target.actor, revision=draft.revision
        )
    for language, texts in importing.translations(record).items():
        # Not confirmed: that is the applicant's to do.
        services.save_translation(draft.pk, language, texts, actor=target.actor, confirm=False)
    return Outcome.MADE


def _sections(record: Record, scheme: Scheme, activity: Activity) -> dict[str, Record]:
    """Return what the activity asks for of what the record says."""
    indicators = {
        field.key: field.kind
        for table in scheme.section("performance").rows
        for field in table.fields
        if table.key == "indicators"
    }
    units = unit_codes() if indicators.get("unit") is Kind.UNIT else None
    made = importing.sections(record, _subcategory(record, activity), role="", units=units)
    return importing.asked_for(made, scheme)


def _subcategory(record: Record, activity: Activity) -> str:
    """Return the code the record's words name, of its own field; "" when they name none."""
    offered = Choices(activity).sub_category_codes()
    code = offered.get(record["subcategory"].casefold(), "")
    return code if code.startswith(FIELDS[record["field"]]) else ""


def _organisation(enterprise: Record, actor: User) -> Organisation:
    """Return the organisation of this name and place that the actor keeps; make it if new."""
    mine = Organisation.objects.of_member(actor)
    found = mine.filter(name_en=enterprise["name"], country=enterprise["country"]).first()
    if found:
        return found
    country = Country.objects.filter(code=enterprise["country"]).first()
    if country is None:
        raise DomainError(
            _("enterprise.country: there is no %(code)s.") % {"code": enterprise["country"]}
        )
    return accounts.create_organisation(
        actor=actor,
        name_en=enterprise["name"],
        name_zh=enterprise["name_zh"] or "",
        country=country,
        kind=Organisation.Kind.OTHER,  # no line states a kind; none is guessed
        website=enterprise["website"] or "",
    )
