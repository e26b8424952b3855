"""Rows of the table of rights: technologies, destinations and what is sent to them."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from accounts.keys import NameKey
from accounts.relations import everyone, granted, member
from accounts.roles import Role
from catalog.attesting import ATTESTABLE
from catalog.collecting.states import CollectionStatus
from catalog.earlier.states import EarlierStatus
from catalog.measure_states import MeasureStatus
from catalog.models import (
    ApiToken,
    Attestation,
    Batch,
    Collection,
    Delivery,
    Destination,
    EarlierEntry,
    EarlierList,
    ListingMeasure,
    RenewalRequest,
    SavedSearch,
    SignedRecord,
    SigningKey,
    Technology,
    TechnologyVersion,
)
from catalog.renewing import RENEWABLE
from catalog.states import GONE, TechnologyStatus, TokenStatus
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, rule, staff
from evaluation.models import Tie, TiedName
from evaluation.relations import THEIRS, bars, conflicting

OWN = "technologies of one’s own organisation"
PROPOSE = frozenset({"propose"})
NAMED = "lists in which a holder stands one may not judge"
ON_A_LIST = frozenset({"edit", "propose", "release"})


def naming_theirs(user: Any) -> Q | None:
    """Name the earlier lists with a holder one may not judge: by the entry here, or by name."""
    entries = EarlierEntry.objects.annotate(
        key_en=NameKey("holder_en"), key_zh=NameKey("holder_zh")
    )
    names = TiedName.objects.filter(user_id=user.pk).values("key")
    houses = Tie.objects.filter(user_id=user.pk).values("organisation_id")
    theirs = entries.filter(Q(organisation__in=houses) | Q(key_en__in=names) | Q(key_zh__in=names))
    return Q(pk__in=theirs.values("earlier_list"))


def still_public(_user: Any) -> Q:
    """Name the signed records that say what may be public: content while it is listed.

    Of one that is suspended or expired only what says so, of one that is gone its tombstone.
    """
    technology, said = "version__technology__status", "version__content__state"
    paused = {TechnologyStatus.SUSPENDED, TechnologyStatus.EXPIRED}
    return (
        Q(**{technology: TechnologyStatus.LISTED})
        | Q(**{f"{technology}__in": paused}) & ~Q(**{said: TechnologyStatus.LISTED})
        | Q(**{f"{technology}__in": GONE, f"{said}__in": GONE})
    )


def naming_own(user: Any) -> Q | None:
    """Name the collections in which somebody put a technology of one's own organisation."""
    own = Technology.objects.filter(holder__memberships__user=user.pk)
    return Q(numbers__overlap=ArraySubquery(own.values("number")))


OBJECTS = (
    ObjectRights(
        "technology",
        Technology,
        relations={
            Role.ANYONE: everyone,
            Role.VIEWER: member(Role.VIEWER, "holder"),
            Role.EDITOR: member(Role.EDITOR, "holder"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            # In every state: of one that is not listed there is only a page that says so.
            rule(Role.ANYONE, "read"),
            rule(Role.VIEWER, "hold"),
            rule(Role.VIEWER, "certificate", {TechnologyStatus.LISTED}),
            rule(Role.EDITOR, "ask_renewal", RENEWABLE),
            rule(Role.EDITOR, "attest", ATTESTABLE),
            rule(Role.OFFICER, "manage"),
            rule(Role.OFFICER, "certificate", {TechnologyStatus.LISTED}),
            rule(Role.OFFICER, "propose", set(TechnologyStatus) - GONE),
            rule(Role.PORTAL, "read publish"),
            rule(Role.PORTAL, "expire", {TechnologyStatus.LISTED, TechnologyStatus.SUSPENDED}),
        ],
        bars=[
            # Enterprise beats staff on technologies of one's own organisation.
            Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "holder"), OWN),
            Bar(frozenset({Role.OFFICER}), conflicting("holder"), THEIRS, PROPOSE),
            # A conflict in the review is one here.
            *(one._replace(rights=PROPOSE) for one in bars("case")),
        ],
    ),
    ObjectRights(
        "listing measure",
        ListingMeasure,
        relations={
            Role.VIEWER: member(Role.VIEWER, "technology__holder"),
            Role.EDITOR: member(Role.EDITOR, "technology__holder"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            # Not "read": reasons and evidence are the officers'.
            rule(Role.VIEWER, "hear"),
            rule(Role.EDITOR, "answer", {MeasureStatus.PROPOSED}),
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "confirm", {MeasureStatus.PROPOSED}),
            rule(Role.PORTAL, "read"),
            rule(Role.PORTAL, "lapse", {MeasureStatus.PROPOSED}),
        ],
        bars=[
            Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "technology__holder"), OWN),
            Bar(frozenset({Role.OFFICER}), conflicting("technology__holder"), THEIRS),
            # As of a decision: who may not release one may not confirm this.
            *(
                one if one.rights is None else one._replace(rights=frozenset({"confirm"}))
                for one in bars("technology__case")
            ),
        ],
    ),
    ObjectRights(
        "request for renewal",
        RenewalRequest,
        relations={
            Role.VIEWER: member(Role.VIEWER, "technology__holder"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[rule(Role.VIEWER, "read"), rule(Role.OFFICER, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=[Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "technology__holder"), OWN)],
    ),
    ObjectRights(
        "attestation",
        Attestation,
        relations={
            Role.VIEWER: member(Role.VIEWER, "technology__holder"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[rule(Role.VIEWER, "read"), rule(Role.OFFICER, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=[Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "technology__holder"), OWN)],
    ),
    ObjectRights(
        # What was public once may be so no more: a withdrawn technology keeps its versions.
        "technology version",
        TechnologyVersion,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=[Bar(frozenset({Role.OFFICER}), member(Role.VIEWER, "technology__holder"), OWN)],
    ),
    ObjectRights(
        "earlier list",
        EarlierList,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "edit propose", {EarlierStatus.DRAFT}),
            rule(Role.OFFICER, "release", {EarlierStatus.PROPOSED}),
        ],
        # Reading stays: what such a list says was published long ago.
        bars=[Bar(frozenset({Role.OFFICER}), naming_theirs, NAMED, ON_A_LIST)],
    ),
    ObjectRights(
        # Public as long as what it says is: see ``still_public``.
        "signed record",
        SignedRecord,
        relations={
            Role.ANYONE: still_public,
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[rule(Role.ANYONE, "read"), rule(Role.OFFICER, "read"), rule(Role.PORTAL, "read")],
        state_field="",
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "version__technology__holder"),
                OWN,
            )
        ],
    ),
    ObjectRights(
        # The public half; the private one is in no table.
        "signing key",
        SigningKey,
        relations={Role.ANYONE: everyone},
        rules=[rule(Role.ANYONE, "read"), rule(Role.PORTAL, "read")],
        state_field="",
    ),
    ObjectRights(
        "collection",
        Collection,
        relations={Role.ANYONE: everyone, Role.OFFICER: granted(Role.OFFICER)},
        rules=[
            rule(Role.ANYONE, "see", {CollectionStatus.PUBLISHED}),
            rule(Role.OFFICER, "read add edit"),
            rule(Role.OFFICER, "publish", set(CollectionStatus)),
        ],
        bars=[Bar(frozenset({Role.OFFICER}), naming_own, OWN, frozenset({"edit", "publish"}))],
    ),
    ObjectRights(
        # Whoever holds the link of its mails reads and ends it; no member of staff does.
        "saved search",
        SavedSearch,
        relations={},
        rules=[rule(Role.PORTAL, "read")],
        state_field="",
    ),
    ObjectRights(
        "destination",
        Destination,
        relations={Role.OFFICER: granted(Role.OFFICER), Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.SYSTEM, "read pause")],
    ),
    ObjectRights(
        "delivery",
        Delivery,
        relations={Role.OFFICER: granted(Role.OFFICER), Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.SYSTEM, "read")],
        state_field="state",
    ),
    ObjectRights(
        "batch",
        Batch,
        relations={Role.OFFICER: granted(Role.OFFICER), Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[rule(Role.OFFICER, "read"), rule(Role.SYSTEM, "read")],
        state_field="",
    ),
    ObjectRights(
        "program token",
        ApiToken,
        relations={Role.SYSTEM: granted(Role.SYSTEM)},
        rules=[
            rule(Role.SYSTEM, "read add"),
            rule(Role.SYSTEM, "revoke", {TokenStatus.ACTIVE}),
            rule(Role.PORTAL, "read"),
        ],
    ),
)


def gone(_user: Any) -> Q | None:
    """Name the declarations of technologies that left the pool for good."""
    # Those of earlier lists have no declaration: a null would hide every one.
    left = Technology.objects.filter(status__in=GONE, case__isnull=False)
    return Q(pk__in=left.values("case__declaration"))


# Nobody will read a translation of what is no longer there. One that is suspended or expired may
# come back, and is translated meanwhile.
NOT_TRANSLATED = Bar(
    frozenset({Role.EDITOR}),
    gone,
    "declarations of technologies that were withdrawn or revoked",
    frozenset({"translate"}),
)

PARTS: dict[Any, str] = {EarlierEntry: "earlier_list"}

ADDRESSES: dict[str, Address] = {
    "catalog:technology-list": PUBLIC,
    "catalog:technology-detail": PUBLIC,
    "catalog:compare": PUBLIC,
    "catalog:compare-csv": PUBLIC,
    "catalog:technology-record": PUBLIC,
    "catalog:api": PUBLIC,
    **{
        f"api-v1:{name}": PUBLIC
        for name in (
            *("entry", "technologies", "technology", "versions", "version"),
            *("changes", "taxonomy", "statistics", "openapi"),
        )
    },
    "catalog:feed-atom": PUBLIC,
    "catalog:feed-rss": PUBLIC,
    "catalog:machines": PUBLIC,
    "catalog:mapping": PUBLIC,
    "harvest:oai": PUBLIC,
    "harvest:own-schema": PUBLIC,
    "harvest:dcat": PUBLIC,
    "harvest:dcat-turtle": PUBLIC,
    "harvest:dcat-json": PUBLIC,
    "harvest:item": PUBLIC,
    "harvest:bulk-manifest": PUBLIC,
    "harvest:bulk-newest": PUBLIC,
    "harvest:bulk-file": PUBLIC,
    "harvest:sitemap": PUBLIC,
    "harvest:sitemap-pages": PUBLIC,
    "harvest:sitemap-technologies": PUBLIC,
    "harvest:robots": PUBLIC,
    "catalog:check": PUBLIC,
    "trust:keys": PUBLIC,
    "trust:delisted": PUBLIC,
    "trust:records": PUBLIC,
    "trust:record": PUBLIC,
    "trust:version": PUBLIC,
    "trust:badge": PUBLIC,
    "trust:code": PUBLIC,
    "catalog:browse-by": PUBLIC,
    "catalog:reference-cases": PUBLIC,
    "catalog:reference-cases-csv": PUBLIC,
    "catalog:statistics": PUBLIC,
    "catalog:statistics-csv": PUBLIC,
    "catalog:by-field": PUBLIC,
    "catalog:by-subcategory": PUBLIC,
    "catalog:by-country": PUBLIC,
    "catalog:by-corridor": PUBLIC,
    "catalog:by-holder": PUBLIC,
    "catalog:by-activity": PUBLIC,
    "catalog:by-earlier-list": PUBLIC,
    "catalog:technology-bib": PUBLIC,
    "catalog:technology-ris": PUBLIC,
    "catalog:technology-sheet": PUBLIC,
    "catalog:technology-version": PUBLIC,
    "catalog:technology-versions": PUBLIC,
    "catalog:collections": PUBLIC,
    "catalog:collection": PUBLIC,
    "catalog:save-search": PUBLIC,
    "catalog:saved-search": PUBLIC,
    "catalog:saved-search-confirm": PUBLIC,
    "catalog:saved-search-end": PUBLIC,
    "catalog:listing": ACCOUNT,
    "catalog:listing-certificate": ACCOUNT,
    "catalog:listing-renewal": ACCOUNT,
    "catalog:listing-confirmation": ACCOUNT,
    "catalog:listing-answer": ACCOUNT,
    "admin:catalog_technology_*": staff(Role.OFFICER),
    "admin:catalog_listingmeasure_*": staff(Role.OFFICER),
    "admin:catalog_apitoken_*": staff(Role.SYSTEM),
    "admin:catalog_collection_*": staff(Role.OFFICER),
    "admin:catalog_earlierlist_*": staff(Role.OFFICER),
    "admin:catalog_destination_*": staff(Role.OFFICER, Role.SYSTEM),
    "admin:catalog_delivery_*": staff(Role.OFFICER, Role.SYSTEM),
    "admin:catalog_batch_*": staff(Role.OFFICER, Role.SYSTEM),
}
