"""Invitations to act for an organisation."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation
from accounts.models.people import MAIL_LANGUAGES, User
from accounts.roles import Level
from core.querysets import VisibleQuerySet


class Invitation(models.Model):
    """A place in an organisation offered to whoever holds the link that was mailed.

    Of the link only a hash is kept. The address says where the mail went; whoever accepts may
    be registered with another one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    address = models.EmailField(
        _("e-mail address")
    )  # lower case; of nobody once erased (erasure.py)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    language = models.CharField(_("language of the mail"), max_length=10, choices=MAIL_LANGUAGES)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"))
    times_sent = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = VisibleQuerySet["Invitation"].as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = (models.Index(fields=("address", "sent_at")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="accounts_invitation_level"
            ),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="accounts_invitation_address_lower"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="accounts_invitation_ends_once",
            ),
            models.UniqueConstraint(
                fields=("organisation", "address"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="accounts_invitation_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_level_display()}"
