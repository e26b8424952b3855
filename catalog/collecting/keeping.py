"""Writing a collection: what it says, and which technologies are in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pyroaring import BitMap

from accounts.models import User
from accounts.recording import check, demand, demand_ever
from catalog import indexing
from catalog.browsing import search
from catalog.browsing.finding import Sifted
from catalog.browsing.held import held_at
from catalog.collecting.states import CollectionStatus
from catalog.models import Change, Collection, Technology
from catalog.saved import reading
from catalog.version import version_now
from catalog.vocabulary import names_at
from core import audit, rights
from core.errors import DomainError

TEXTS = ("code", "title_en", "title_zh", "introduction_en", "introduction_zh")
FIELDS = (*TEXTS, "numbers", "rule")
OWN_FOUND = gettext_noop(
    "A technology of your own organisation is among them: another officer names it."
)
MOST = 60  # technologies chosen by hand; who wants more writes a rule


@transaction.atomic
def begin(*, actor: User, **stated: Any) -> Collection:
    demand_ever(actor, "add", Collection)
    made = Collection()
    _state(made, stated)
    made.save(force_insert=True)
    _names_nothing_of_ones_own(made, actor)
    audit.record(
        "collection.added",
        audit.subject(made),
        actor=actor,
        change=("", made.status),
        details={"code": made.code},
    )
    return made


@transaction.atomic
def edit(pk: UUID, *, actor: User, **stated: Any) -> Collection:
    """Change what a collection says; what is public changes at once."""
    one = Collection.objects.select_for_update(no_key=True).get(pk=pk)
    demand(actor, "edit", one)
    before = audit.values(one, FIELDS)
    _state(one, stated)
    one.save(update_fields=list(FIELDS))
    _names_nothing_of_ones_own(one, actor)
    if changed := audit.differences(before, audit.values(one, FIELDS)):
        audit.record("collection.changed", audit.subject(one), actor=actor, details=changed)
        if one.status == CollectionStatus.PUBLISHED:
            finds_nothing_of_ones_own(one, actor)
            draw_anew()
    return one


def draw_anew() -> None:
    """Let public pages that are kept be drawn anew, by a change that tells nobody anything.

    In a pool where nothing was ever listed no page of a collection is kept.
    """
    if (any_one := Technology.objects.only("seq").order_by("place").first()) is not None:
        indexing.note(any_one, Change.Kind.INDEXED)


def finds_nothing_of_ones_own(one: Collection, actor: User) -> None:
    """Refuse a rule that finds, now, a technology of one's own organisation."""
    if not one.rule:
        return  # the table of rights knows the numbers
    own = Technology.objects.listed().filter(holder__memberships__user=actor.pk)
    if places := BitMap(own.values_list("place", flat=True)):
        version = version_now()
        wanted = reading.read(one.rule, names_at(version.edition)).wanted
        hits = search.hits(wanted.asked) if wanted.text else None
        if places & Sifted(held_at(version), wanted, hits).all:
            raise DomainError(_(OWN_FOUND), field="rule")


def _state(one: Collection, stated: Mapping[str, Any]) -> None:
    unknown = set(stated) - set(FIELDS)
    if unknown:
        raise LookupError(f"a collection has no {sorted(unknown)}")
    for name, value in stated.items():
        setattr(one, name, value)
    one.numbers = list(dict.fromkeys(one.numbers))
    if bool(one.numbers) == bool(one.rule):
        raise DomainError(
            _("Name technologies, or give the address of a list: one of the two."), field="numbers"
        )
    _are_known(one.numbers)
    one.rule = _canonical(one.rule) if one.rule else ""
    check(one)


def _names_nothing_of_ones_own(one: Collection, actor: User) -> None:
    if not rights.can(actor, "edit", one):
        raise DomainError(_(OWN_FOUND), field="numbers")


def _are_known(numbers: list[str]) -> None:
    if len(numbers) > MOST:
        said = _("At most %(most)d technologies; for more, give the address of a list.")
        raise DomainError(said % {"most": MOST}, field="numbers")
    rows = Technology.objects.filter(number__in=numbers)
    if missing := sorted(set(numbers) - set(rows.values_list("number", flat=True))):
        raise DomainError(
            _("No technology has these numbers: %(numbers)s.") % {"numbers": ", ".join(missing)},
            field="numbers",
        )


def _canonical(address: str) -> str:
    """Return the query string of an address of the list, as the list itself writes it."""
    asked = reading.read(address.partition("?")[2], names_at(version_now().edition))
    if asked.notices:
        said = _("Not all of this address is understood: %(notices)s")
        raise DomainError(said % {"notices": " ".join(asked.notices)}, field="rule")
    if not asked.words:
        raise DomainError(
            _("This is not the address of a list with filters or words."), field="rule"
        )
    return asked.query
