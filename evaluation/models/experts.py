"""The expert pool: who is in it, where they work and worked, and when they are away."""

from typing import Any, Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.clock import PortalNow
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.pool.states import EXPERT, ExpertStatus
from reference.models import Field, Subcategory


class ExpertQuerySet(VisibleQuerySet["Expert"]):
    def available(self) -> Self:
        """Keep those who may be asked today: enrolled, and not away."""
        return self.filter(status=ExpertStatus.ENROLLED).exclude(pk__in=self.away_now())

    @staticmethod
    def away_now() -> models.QuerySet[Any, Any]:
        """Return the keys of those who are away today, in Beijing."""
        on = TruncDate(PortalNow(), tzinfo=timezone.get_default_timezone())
        return Absence.objects.filter(from_on__lte=on, until_on__gte=on).values("expert")


class Expert(models.Model):
    """A person of the expert pool, or one who asked to be."""

    user = models.OneToOneField(
        User,
        verbose_name=_("account"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="expert",
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ExpertStatus.choices,
        default=ExpertStatus.APPLIED,
        editable=False,
    )
    status_since = models.DateTimeField(_("since"), null=True, editable=False)
    status_reason = models.TextField(_("reason"), blank=True, editable=False)
    title = models.CharField(_("professional title"), max_length=100, blank=True)
    # The present employer, or the last one. The views of ties read it beside the history, which it
    # is kept in step with by evaluation.pool.employments (docs/adr/0016); written nowhere else.
    employer = models.ForeignKey(
        Organisation,
        verbose_name=_("employer in the portal"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    employer_name = models.CharField(_("employer"), max_length=200, blank=True, editable=False)
    fields = models.ManyToManyField(Field, verbose_name=_("fields of technology"))
    subcategories = models.ManyToManyField(
        Subcategory, verbose_name=_("sub-categories"), blank=True
    )
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    works_since = models.PositiveSmallIntegerField(
        _("works in the field since"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1940), MaxValueValidator(2100)],
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    economics = models.BooleanField(
        _("judges economics"),
        default=False,
        help_text=_("Can judge costs, prices and the economy of a technology."),
    )
    biography = models.CharField(_("about the person"), max_length=500, blank=True)
    cap = models.PositiveSmallIntegerField(
        _("most assignments at a time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Empty: as many as the activity allows."),
    )
    statement = models.TextField(_("statement"), blank=True, max_length=4000)
    applied_at = models.DateTimeField(_("applied on"), null=True, editable=False)
    # When the person last said that all of this is complete and true.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    renewed_until = models.DateField(_("renewed until"), null=True, editable=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ("user__name", "user")
        indexes = (models.Index(fields=("status", "renewed_until")),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(status=ExpertStatus.ENROLLED) | Q(renewed_until__isnull=False),
                name="evaluation_expert_renewed",
            ),
        )
        triggers = (status_guard(EXPERT),)

    def __str__(self) -> str:
        return str(self.user)


class Employment(models.Model):
    """Where an expert is or was employed or advises: evidence of conflicts, never deleted.

    Dates are exact to the month: the first day of one, and the last day of another. Without a
    beginning it is taken to have been ever so; without an end it goes on.
    """

    class Kind(models.TextChoices):
        EMPLOYED = "employed", _("employed")
        FURTHER = "further", _("employed besides")
        ADVISORY = "advisory", _("advisory role")
        CONSULTANCY = "consultancy", _("consultancy")

    class Source(models.TextChoices):
        EXPERT = "expert", _("declared by the expert")
        OFFICER = "officer", _("entered by an officer")
        IMPORT = "import", _("taken over")

    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="employments"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("employer or body"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation in the portal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, editable=False)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    # An officer found that it never was so; it stays to be read.
    mistaken = models.BooleanField(_("entered by mistake"), default=False)

    objects = VisibleQuerySet["Employment"].as_manager()

    class Meta:
        verbose_name = _("employment or role")
        verbose_name_plural = _("employments and roles")
        ordering = (F("until").desc(nulls_first=True), F("since").desc(nulls_last=True), "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="evaluation_employment_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=("expert",),
                condition=Q(kind="employed", until=None, mistaken=False),
                name="evaluation_employment_one_present",
            ),
        )
        triggers = (pgtrigger.Protect(name="no_deletion", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"


class Absence(models.Model):
    """Days on which an expert cannot be asked, the first and the last of them included."""

    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.CASCADE, related_name="absences"
    )
    from_on = models.DateField(_("away from"))
    until_on = models.DateField(_("until"))

    objects = VisibleQuerySet["Absence"].as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("from_on", "pk")
        indexes = (models.Index(fields=("until_on", "from_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="evaluation_absence_ends"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_on} – {self.until_on}"
