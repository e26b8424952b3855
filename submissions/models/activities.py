"""What is asked for: schemes, and the collection activities that use them."""

import datetime as dt
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.models import Field
from reference.names import in_language
from submissions.checks.shipped import ShippedSet, newest
from submissions.models.rules import RuleSet
from submissions.scheme import Scheme, load
from submissions.states import ACTIVITY, ActivityStatus

MOST_LOADED = 64
_LOADED: dict[str, Scheme] = {}  # by the hash over the document


class DeclarationScheme(models.Model):
    """Which fields a declaration carries: data, versioned, never changed once an activity is open.

    ``sections`` is read by ``submissions.scheme``; ``content_hash`` is taken over it.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    names = models.JSONField(_("names"))
    sections = models.JSONField(_("sections"))
    content_hash = models.CharField(_("checksum"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)

    objects = VisibleQuerySet["DeclarationScheme"].as_manager()

    class Meta:
        verbose_name = _("declaration scheme")
        verbose_name_plural = _("declaration schemes")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="submissions_scheme_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{in_language(self.names)} ({self.code} {self.version})"

    def load(self) -> Scheme:
        """Return the scheme to work with; SchemeError when the document is unsound.

        A scheme never changes: each process reads a document once, and may leave its column out.
        """
        scheme = _LOADED.get(self.content_hash)
        if scheme is None:
            scheme = load(self.sections)
            if len(_LOADED) >= MOST_LOADED:
                _LOADED.clear()
            _LOADED[self.content_hash] = scheme
        return scheme


class Activity(models.Model):
    """One collection round: what is asked for, under which scheme, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=30, unique=True)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ActivityStatus.choices,
        default=ActivityStatus.PREPARED,
        editable=False,
    )
    titles = models.JSONField(_("title"), help_text=_("By language."))
    notices = models.JSONField(_("notice"), help_text=_("By language; paragraphs of plain text."))
    fields = models.ManyToManyField(Field, verbose_name=_("fields of technology"))
    scheme = models.ForeignKey(
        DeclarationScheme, verbose_name=_("declaration scheme"), on_delete=models.PROTECT
    )
    # Of what was prepared before there were rows of them: none, until it opens.
    rule_set = models.ForeignKey(
        RuleSet,
        verbose_name=_("set of rules"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("What is checked in a declaration, while it is written and by officers."),
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    publicity_days = models.PositiveSmallIntegerField(
        _("days of publicity"), default=7, help_text=_("Calendar days; 0: cleared at once.")
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes of grace"),
        default=0,
        db_default=0,
        help_text=_("A declaration begun before the closing may be submitted so long after it."),
    )
    quota = models.PositiveSmallIntegerField(
        _("declarations per organisation"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many one organisation may submit here. Empty: any number."),
    )
    sealed = models.BooleanField(
        _("under seal"),
        default=False,
        db_default=False,
        help_text=_("Officers cannot open what is declared before the activity closes."),
    )
    recommended = models.BooleanField(
        _("recommendation asked for"),
        default=False,
        db_default=False,
        help_text=_("Each applicant names a unit, which is asked before the formal check."),
    )
    # Set by the step that closes it: what arrived earlier is taken, though it waited for a lock.
    closed_at = models.DateTimeField(_("closed on"), null=True, editable=False)

    objects = VisibleQuerySet["Activity"].as_manager()

    class Meta:
        verbose_name = _("collection activity")
        verbose_name_plural = _("collection activities")
        ordering = ("-opens_at", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="submissions_activity_span"
            ),
            models.CheckConstraint(
                condition=Q(quota=None) | Q(quota__gte=1), name="submissions_activity_quota"
            ),
        )
        triggers = (status_guard(ACTIVITY),)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def ends_at(self) -> dt.datetime:
        """The last moment at which a declaration is taken: closing, and grace for what is begun."""
        return self.closes_at + dt.timedelta(minutes=self.grace_minutes)

    @property
    def rules(self) -> RuleSet | ShippedSet:
        """The set of rules that applies here."""
        return self.rule_set or newest()

    @cached_property
    def field_codes(self) -> frozenset[str]:
        """The fields of technology it collects, as they were when first asked of this object."""
        return frozenset(self.fields.values_list("pk", flat=True))

    @property
    def notice(self) -> str:
        return in_language(self.notices)
