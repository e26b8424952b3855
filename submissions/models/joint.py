"""Whether those who declare together with the applicant stand by a version, each for itself."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import NameKey, NumberKey
from accounts.models.people import MAIL_LANGUAGES
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from submissions.models.declarations import Declaration, DeclarationVersion
from submissions.models.kept import fixed, kept, of_one_declaration
from submissions.states import JOINT, JointStatus


class JointConfirmation(models.Model):
    """One joint applicant of one version, asked to confirm it (docs/adr/0014)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="joint_confirmations"
    )
    version = models.ForeignKey(
        DeclarationVersion,
        verbose_name=_("version"),
        on_delete=models.PROTECT,
        related_name="joint_confirmations",
    )
    place = models.PositiveSmallIntegerField()  # of its row in the version, counted from 0
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=JointStatus.choices,
        default=JointStatus.ASKED,
        editable=False,
    )
    name = models.CharField(_("joint applicant"), max_length=200)
    # As the version has them, beside it: conflicts are asked of every declaration at once.
    name_en = models.TextField(blank=True, editable=False)
    name_zh = models.TextField(blank=True, editable=False)
    registration_number = models.TextField(blank=True, editable=False)
    country = models.TextField(blank=True, editable=False)
    contact = models.CharField(_("contact person"), max_length=100, blank=True)
    address = models.EmailField(_("e-mail of the contact person"), blank=True)
    language = models.CharField(_("language of the mail"), max_length=10, choices=MAIL_LANGUAGES)
    # Of the link in the last mail; the link itself is nowhere but there.
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 -- none yet is none, and unique
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    remark = models.TextField(_("remark"), blank=True)
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)

    objects = VisibleQuerySet["JointConfirmation"].as_manager()

    class Meta:
        verbose_name = _("confirmation of a joint applicant")
        verbose_name_plural = _("confirmations of joint applicants")
        ordering = ("-asked_at", "place", "id")
        indexes = (
            models.Index(NameKey("name"), name="submissions_joint_key"),
            models.Index(NameKey("name_en"), name="submissions_joint_key_en"),
            models.Index(NameKey("name_zh"), name="submissions_joint_key_zh"),
            models.Index(NumberKey("registration_number"), name="submissions_joint_key_no"),
        )
        constraints = (
            models.UniqueConstraint(fields=("version", "place"), name="submissions_joint_once"),
            models.CheckConstraint(
                condition=~Q(status__in=(JointStatus.CONFIRMED, JointStatus.DECLINED))
                | Q(answered_at__isnull=False) & ~Q(signatory=""),
                name="submissions_joint_answered",
            ),
        )
        triggers = (
            status_guard(JOINT),
            kept(),
            of_one_declaration(),
            fixed(
                "asked_stays",
                *("declaration_id", "version_id", "place", "name"),
                *("name_en", "name_zh", "registration_number", "country"),
            ),
            fixed(
                "answered_stays",
                *("answered_at", "remark", "signatory"),
                condition=~pgtrigger.Q(old__status=JointStatus.ASKED),
            ),
        )

    def __str__(self) -> str:
        return self.name
