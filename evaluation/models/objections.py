"""What anybody says against an entry in publicity, and what was ruled on it."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MAIL_LANGUAGES, User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Case
from evaluation.models.shelved import ShelvedFile
from evaluation.objections.states import (
    OBJECTION,
    OPEN,
    RULED,
    ObjectionKind,
    ObjectionStatus,
    Refusal,
)
from submissions.models.kept import fixed

ADMITTED_OR_RULED = (ObjectionStatus.ADMITTED, *sorted(RULED))


class ObjectionQuerySet(VisibleQuerySet["Objection"]):
    def open(self) -> "ObjectionQuerySet":
        """Those that keep an entry from being listed."""
        return self.filter(status__in=OPEN)


class Objection(models.Model):
    """One objection of one person. Who it is (``name`` to ``phone``) is blanked after a time.

    Nobody is shown who objects but the officers who handle it, on a page of its own that notes
    each look. Of the link by which the objector comes back only a hash is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="objections"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ObjectionStatus.choices,
        default=ObjectionStatus.SENT,
        editable=False,
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    unit = models.CharField(_("organisation"), max_length=200, blank=True)
    address = models.EmailField(_("e-mail address"), blank=True)  # lower case
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    protected = models.BooleanField(_("identity protected"), default=False)
    language = models.CharField(_("language of the mail"), max_length=10, choices=MAIL_LANGUAGES)
    proposed_kind = models.CharField(
        _("kind, as the objector says"), max_length=20, choices=ObjectionKind.choices
    )
    statement = models.TextField(_("statement of facts"))
    evidence = models.TextField(_("evidence"), blank=True)
    # Counted within the entry as they are received; with the number of the entry it names this one.
    place = models.PositiveSmallIntegerField(_("running number"), null=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    due_on = models.DateField(_("to be ruled on until the end of"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ObjectionKind.choices, blank=True)
    admitted_at = models.DateTimeField(_("admitted"), null=True, blank=True)
    refusal = models.CharField(
        _("why it was not admitted"), max_length=20, choices=Refusal.choices, blank=True
    )
    reason = models.TextField(_("reason, to the objector"), blank=True)
    handled_by = models.ForeignKey(
        User,
        verbose_name=_("handled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Of the evidence, what whoever admitted it lets the applicant read.
    evidence_told = models.TextField(_("evidence the applicant reads"), blank=True)
    respond_until = models.DateField(
        _("applicant may answer until the end of"), null=True, blank=True
    )
    response = models.TextField(_("answer of the applicant"), blank=True)
    responded_at = models.DateTimeField(_("applicant answered"), null=True, blank=True)
    responded_by = models.ForeignKey(
        User,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ruling = models.TextField(_("ruling"), blank=True)
    summary = models.TextField(_("published summary"), blank=True)
    ruled_by = models.ForeignKey(
        User,
        verbose_name=_("ruled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("identity erased"), null=True, blank=True, editable=False)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("-sent_at", "id")
        indexes = (
            models.Index(fields=("case", "status")),
            models.Index(fields=("status", "sent_at")),
            models.Index(fields=("-sent_at", "id")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(status__in=sorted(OPEN | RULED))
                | Q(received_at__isnull=False, due_on__isnull=False),
                name="evaluation_objection_received",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None, place=None)
                | Q(received_at__isnull=False, place__gte=1),
                name="evaluation_objection_numbered",
            ),
            models.UniqueConstraint(fields=("case", "place"), name="evaluation_objection_place"),
            models.CheckConstraint(
                condition=Q(evidence_told="") | Q(admitted_at__isnull=False),
                name="evaluation_objection_told",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ADMITTED_OR_RULED)
                | Q(admitted_at__isnull=False, handled_by__isnull=False) & ~Q(kind=""),
                name="evaluation_objection_admitted",
            ),
            models.CheckConstraint(
                condition=~Q(status=ObjectionStatus.REFUSED)
                | Q(handled_by__isnull=False) & ~Q(refusal="") & ~Q(reason=""),
                name="evaluation_objection_refused",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(RULED))
                | Q(ruled_by__isnull=False, settled_at__isnull=False)
                & ~Q(ruling="")
                & ~Q(summary=""),
                name="evaluation_objection_ruled",
            ),
            # What only touches the form does not take an entry out, nor leaves one in.
            models.CheckConstraint(
                condition=~Q(status=ObjectionStatus.CORRECTED) | Q(kind=ObjectionKind.FORMAL),
                name="evaluation_objection_corrected",
            ),
            models.CheckConstraint(
                condition=Q(responded_at=None, responded_by=None, response="")
                | Q(responded_at__isnull=False, responded_by__isnull=False) & ~Q(response=""),
                name="evaluation_objection_response",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) & ~Q(name="") & ~Q(address="")
                | Q(forgotten_at__isnull=False, name="", unit="", address="", phone=""),
                name="evaluation_objection_somebody",
            ),
        )
        triggers = (
            status_guard(OBJECTION),
            # What nobody confirmed is no objection; all else stays.
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__received_at__isnull=False),
            ),
            fixed(
                "said_stays",
                *("case_id", "proposed_kind", "statement", "evidence", "protected", "sent_at"),
            ),
            fixed("place_stays", "place", condition=pgtrigger.Q(old__place__isnull=False)),
            fixed(
                "told_stays",
                "evidence_told",
                condition=pgtrigger.Q(old__admitted_at__isnull=False),
            ),
            fixed(
                "answer_stays",
                *("response", "responded_at", "responded_by_id"),
                condition=pgtrigger.Q(old__responded_at__isnull=False),
            ),
            fixed(
                "ruling_stays",
                *("kind", "ruling", "summary", "ruled_by_id", "settled_at"),
                *("refusal", "reason", "handled_by_id", "admitted_at"),
                *("received_at", "due_on", "respond_until"),
                condition=pgtrigger.Q(old__settled_at__isnull=False),
            ),
            # Four eyes, for raw SQL too: nobody rules on what is said against their own decision.
            pgtrigger.Trigger(
                name="another_officer",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status__in=sorted(RULED)),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM evaluation_decision
                        WHERE case_id = NEW.case_id AND sent_back_at IS NULL
                            AND NEW.ruled_by_id
                                IN (decided_by_id, released_by_id, co_released_by_id)
                    ) THEN
                        RAISE EXCEPTION 'objection: ruled on by who decided or released'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.status = 'upheld' AND NEW.ruled_by_id = NEW.handled_by_id THEN
                        RAISE EXCEPTION 'objection: upheld by who admitted it'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        """Name the entry and which objection to it, never who objects."""
        declaration = self.case.declaration
        return f"{self.number or declaration.number} {declaration}"

    @property
    def number(self) -> str:
        """Name this one among those to the same entry; nothing before it is received."""
        return f"{self.case.declaration.number}-O{self.place}" if self.place else ""

    def ruled_content(self) -> dict[str, str]:
        """Return what the audit takes its hash of; none of it tells who objects."""
        return {"kind": self.kind, "ruling": self.ruling, "summary": self.summary}

    def told_content(self) -> dict[str, str]:
        """Return what the audit takes its hash of as it is admitted."""
        return {"evidence": self.evidence_told}

    @property
    def entry_is_removed(self) -> bool:
        return self.status == ObjectionStatus.UPHELD


class ObjectionFile(ShelvedFile):
    """A file that came with an objection; handed out to the officers who handle it alone."""

    objection = models.ForeignKey(Objection, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="objections/")

    objects = VisibleQuerySet["ObjectionFile"].as_manager()

    class Meta(ShelvedFile.Meta):
        verbose_name = _("file of an objection")
        verbose_name_plural = _("files of objections")
        ordering = ("objection", "file_name", "id")
