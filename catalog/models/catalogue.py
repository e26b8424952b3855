"""What the world may see, and what the big data platform is owed."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalog.models.earlier import EarlierEntry
from catalog.states import DESTINATION, TECHNOLOGY, DestinationStatus, TechnologyStatus
from core.clock import PortalNow
from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models import Case
from reference.models import Country, Subcategory
from reference.names import in_language


class TechnologyQuerySet(VisibleQuerySet["Technology"]):
    def listed(self) -> "TechnologyQuerySet":
        return self.filter(status=TechnologyStatus.LISTED)


class Technology(models.Model):
    """One technology of the pool, as it is public now.

    ``content`` is the whole public record (``catalog.record``), ``content_hash`` is taken over
    it. ``seq`` counts what was announced of this technology: it is raised under the row lock,
    so that the order of events is the order of commits. The other columns are read out of
    ``content`` for lists, facets and search.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    # Where it comes from: what was declared and evaluated here, or an entry of an earlier list.
    # ``catalog.origins`` tells them apart.
    case = models.OneToOneField(
        Case, null=True, on_delete=models.PROTECT, related_name="technology"
    )
    earlier = models.OneToOneField(
        EarlierEntry, null=True, on_delete=models.PROTECT, related_name="technology"
    )
    holder = models.ForeignKey(
        Organisation, verbose_name=_("holder"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=TechnologyStatus.choices,
        default=TechnologyStatus.LISTED,
        editable=False,
    )
    # Its bit in the sets that lists are counted with (catalog.browsing.held), in the order of
    # listing.
    place = models.PositiveIntegerField(
        unique=True, editable=False, db_default=Func(Value("catalog_place"), function="nextval")
    )
    content = models.JSONField()
    content_hash = models.CharField(_("checksum"), max_length=64)
    seq = models.PositiveIntegerField(_("place in the order of changes"), default=0)
    epoch = models.PositiveIntegerField(default=1)
    titles = models.JSONField()  # {"en": ..., "zh-hans": ...}: what there is
    language = models.CharField(max_length=10)  # of the original text
    subcategory = models.ForeignKey(Subcategory, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    maturity = models.CharField(max_length=40, blank=True)  # a term of reference
    evidence_grade = models.CharField(max_length=40, blank=True)
    case_countries = models.JSONField(default=list)  # countries of the reference cases
    # Of what is listed: words "facet:code", and spans [measure, low, high].
    traits = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    figures = models.JSONField(default=list, editable=False)
    search = SearchVectorField(null=True, editable=False)
    edition = models.BigIntegerField(default=0, editable=False)  # of the names it is found by
    listed_at = models.DateTimeField(_("listed on"))
    changed_at = models.DateTimeField(_("changed"))
    # When somebody last stood for its particulars (catalog.attesting).
    confirmed_at = models.DateTimeField(_("particulars confirmed on"), db_default=PortalNow())
    valid_until = models.DateField(_("valid until"))
    demonstration = models.BooleanField(default=False, editable=False)

    objects = TechnologyQuerySet.as_manager()

    class Meta:
        verbose_name = _("technology")
        verbose_name_plural = _("technologies")
        ordering = ("-listed_at", "id")
        indexes = (
            GinIndex(name="catalog_technology_search", fields=("search",)),
            models.Index(fields=("status", "-listed_at", "id")),
            models.Index(fields=("edition",)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(case__isnull=False, earlier=None) | Q(case=None, earlier__isnull=False),
                name="catalog_technology_one_origin",
            ),
        )
        triggers = (status_guard(TECHNOLOGY),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)


class TechnologyVersion(models.Model):
    """A public record as it stood from one moment on. Never changed."""

    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))

    objects = VisibleQuerySet["TechnologyVersion"].as_manager()

    class Meta:
        verbose_name = _("version of a technology")
        verbose_name_plural = _("versions of technologies")
        ordering = ("technology", "number")
        constraints = (
            models.UniqueConstraint(fields=("technology", "number"), name="catalog_version_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.technology_id} v{self.number}"


class Destination(models.Model):
    """Where events of the catalogue go: the big data platform, or one of several.

    One worker at a time serves it: the one whose ``lease_token`` stands here. The lease runs
    out at ``lease_until``, or at once when the database no longer knows ``lease_backend``.
    """

    class Kind(models.TextChoices):
        LAKE = "lake", _("Delta Lake folder")

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    # For a lake: a folder below PORTAL_LAKE_DIR.
    location = models.CharField(_("location"), max_length=300)
    batch_size = models.PositiveIntegerField(_("batch size"), default=500)
    status = models.CharField(
        _("state"),
        max_length=10,
        choices=DestinationStatus.choices,
        default=DestinationStatus.ACTIVE,
        editable=False,
    )
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_backend = models.IntegerField(null=True, editable=False)

    objects = VisibleQuerySet["Destination"].as_manager()

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        ordering = ("code",)
        triggers = (status_guard(DESTINATION),)

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Rows handed over to a lake in one commit; its number is the commit's transaction id.

    A worker that dies leaves its batch open; the next one carries out the same batch again,
    and the table format says whether it was there already.
    """

    destination = models.ForeignKey(
        Destination,
        verbose_name=_("destination"),
        on_delete=models.PROTECT,
        related_name="batches",
    )
    number = models.PositiveBigIntegerField(_("number"))
    began_at = models.DateTimeField(_("began"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    last_error = models.TextField(_("last error"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True)

    objects = VisibleQuerySet["Batch"].as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("destination", "number"), name="catalog_batch_once"),
            models.UniqueConstraint(
                fields=("destination",),
                condition=Q(done_at=None),
                name="catalog_batch_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.destination_id} {self.number}"


class Delivery(models.Model):
    """One event owed to one destination: the outbox of the catalogue.

    Column names follow the outbox router of the change-data-capture world, so that a platform
    team can attach its own reader. Written in the transaction of the change it announces.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        INFLIGHT = "inflight", _("on its way")
        DONE = "done", _("delivered")

    OUTSTANDING = (State.PENDING, State.INFLIGHT)

    id = models.BigAutoField(_("serial number"), primary_key=True)
    destination = models.ForeignKey(
        Destination,
        verbose_name=_("destination"),
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    aggregatetype = models.CharField(_("kind"), max_length=40, default="technology")
    aggregateid = models.UUIDField(_("technology"))
    type = models.CharField(_("event"), max_length=60)
    event_id = models.CharField(_("event number"), max_length=120)
    payload = models.JSONField(_("content"))
    epoch = models.PositiveIntegerField(_("epoch"), default=1)
    seq = models.PositiveIntegerField(_("place in the order of changes"))
    content_hash = models.CharField(_("checksum"), max_length=64)
    schema_version = models.CharField(_("version of the record"), max_length=10, default="1")
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PENDING
    )
    batch = models.ForeignKey(
        Batch,
        verbose_name=_("batch"),
        null=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    done_at = models.DateTimeField(_("delivered"), null=True)

    objects = VisibleQuerySet["Delivery"].as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("destination", "aggregateid", "epoch", "seq"),
                name="catalog_delivery_once",
            ),
        )
        indexes = (
            models.Index(
                name="catalog_delivery_due",
                fields=("destination", "id"),
                condition=Q(state="pending"),
            ),
            models.Index(
                name="catalog_delivery_open",
                fields=("destination", "aggregateid"),
                condition=Q(state__in=("pending", "inflight")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.destination_id} {self.aggregateid} {self.seq}"
