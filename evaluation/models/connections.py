"""Who is connected with whom beside employments, and the rules by which it counts.

A connection is evidence: it ends, or is found to be a mistake, and is never deleted.
"""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.querysets import VisibleQuerySet


class Connection(models.Model):
    """A typed, dated, sourced edge: person to organisation, or two people, or two organisations.

    Without a beginning it is taken to have been ever so; without an end it goes on.
    """

    class Kind(models.TextChoices):
        # Of people with no history in the pool: officers, chairs.
        EMPLOYED = "employed", _("employment")
        CONSULTANCY = "consultancy", _("consultancy")
        KIN = "kin", _("near relative")
        CO_INVENTOR = "co_inventor", _("co-inventor")
        JOINT_PROJECT = "joint_project", _("joint project")
        SHAREHOLDER = "shareholder", _("shareholder")
        GROUP = "group", _("same group of companies")
        REVIEWER = "reviewer", _("earlier reviewer")
        NOMINATING_UNIT = "nominating_unit", _("nominating unit")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    person = models.ForeignKey(
        User,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    other_person = models.ForeignKey(
        User,
        verbose_name=_("other person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # As it is called where it was found; also of one that has no entry in the portal.
    organisation_name = models.CharField(_("name of the organisation"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation in the portal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    other_organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("other organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    began_on = models.DateField(_("began on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    source = models.TextField(_("source in words"), max_length=1000, blank=True)
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
    # What told of a person was taken out, when they were erased.
    forgotten = models.BooleanField(default=False, editable=False)

    objects = VisibleQuerySet["Connection"].as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ("-recorded_at", "-pk")
        indexes = (
            models.Index(fields=("-recorded_at", "-id")),
            models.Index(fields=("person", "other_person")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(began_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("began_on")),
                name="evaluation_connection_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(forgotten=True)
                # A person and an organisation.
                | (
                    Q(person__isnull=False, other_person=None, other_organisation=None)
                    & ~Q(organisation_name="")
                    & ~Q(kind="group")
                )
                # Two people.
                | (
                    Q(person__isnull=False, other_person__isnull=False)
                    & Q(organisation=None, organisation_name="", other_organisation=None)
                    & Q(kind__in=("kin", "co_inventor", "joint_project"))
                    & ~Q(person=F("other_person"))
                )
                # Two organisations of the portal.
                | (
                    Q(person=None, other_person=None)
                    & Q(organisation__isnull=False, other_organisation__isnull=False)
                    & Q(kind__in=("group", "shareholder"))
                ),
                name="evaluation_connection_two_ends",
            ),
        )
        triggers = (pgtrigger.Protect(name="no_deletion", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {' – '.join(self.ends())}"

    def ends(self) -> list[str]:
        """Return what it connects, as it is called."""
        people = [str(one) for one in (self.person, self.other_person) if one]
        named = [self.organisation_name] if self.organisation_name else []
        return [*people, *named, *([str(self.other_organisation)] * bool(self.other_organisation))]


class ConflictRule(models.Model):
    """Whether connections and employments of one kind bar from judging, and for how long.

    The views of ties read it by the database's own date; a kind without a row bars for ever. But
    for ``JUDGED``, which bars only where its row says so: else it is shown to who assigns.
    """

    class Kind(models.TextChoices):
        EMPLOYED = "employed", _("employment")
        FURTHER = "further", _("employment besides")
        ADVISORY = "advisory", _("advisory role")
        CONSULTANCY = "consultancy", _("consultancy")
        KIN = "kin", _("near relative")
        CO_INVENTOR = "co_inventor", _("co-inventor")
        JOINT_PROJECT = "joint_project", _("joint project")
        SHAREHOLDER = "shareholder", _("shareholder")
        GROUP = "group", _("same group of companies")
        REVIEWER = "reviewer", _("earlier reviewer")
        NOMINATING_UNIT = "nominating_unit", _("nominating unit")
        # No connection that somebody records: from the score sheets that are in.
        JUDGED = "judged", _("earlier review, found by the portal")
        # Nor is this: from the sheets that were excluded.
        LATE = "late", _("conflict found late, with another declaration")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, primary_key=True)
    bars = models.BooleanField(_("bars from judging"), default=True)
    years = models.PositiveSmallIntegerField(
        _("years after the end"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Empty: for ever. What goes on bars in any case."),
    )

    objects = VisibleQuerySet["ConflictRule"].as_manager()

    class Meta:
        verbose_name = _("rule of conflicts")
        verbose_name_plural = _("rules of conflicts")
        ordering = ("kind",)
        constraints = (
            # Nobody judges whom they work for, whatever an officer sets.
            models.CheckConstraint(
                condition=~Q(kind="employed") | Q(bars=True),
                name="evaluation_conflictrule_employment_bars",
            ),
            models.CheckConstraint(
                condition=Q(years=None) | Q(years__range=(1, 50)),
                name="evaluation_conflictrule_years",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
