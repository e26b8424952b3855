"""What makes a public record provable: the portal's signing keys, and the signed records."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.catalogue import TechnologyVersion
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from submissions.models.kept import fixed, kept


class SigningKey(models.Model):
    """The public half of a key the portal signs with, for ever; the other half is a file.

    One key is in use at a time. One that was compromised vouches for nothing, whenever the
    signature says it was made: who has the key writes any date.
    """

    # Ed25519, as Multikey: what the published key document calls publicKeyMultibase.
    public_key = models.CharField(_("public key"), max_length=60, unique=True)
    began_at = models.DateTimeField(_("in use from"))
    ended_at = models.DateTimeField(_("in use until"), null=True)
    compromised_at = models.DateTimeField(_("compromised on"), null=True)
    compromised_because = models.TextField(_("what happened"), blank=True)

    objects = VisibleQuerySet["SigningKey"].as_manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ("-began_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ended_at",),
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="catalog_signingkey_one_in_use",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="catalog_signingkey_ends_after",
            ),
            models.CheckConstraint(
                condition=Q(compromised_at=None, compromised_because="")
                | Q(compromised_at__isnull=False, ended_at__isnull=False)
                & ~Q(compromised_because=""),
                name="catalog_signingkey_compromised",
            ),
        )
        triggers = (
            kept(),
            fixed("key_stays", "public_key", "began_at"),
            fixed("end_stays", "ended_at", condition=pgtrigger.Q(old__ended_at__isnull=False)),
            fixed(
                "compromise_stays",
                *("compromised_at", "compromised_because"),
                condition=pgtrigger.Q(old__compromised_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.public_key


class SignedRecord(models.Model):
    """A version of a technology as a Verifiable Credential with the portal's proof.

    The whole document is kept: what was signed names the addresses the portal had then. A
    version has more than one when a key it was signed with was compromised.
    """

    version = models.ForeignKey(
        TechnologyVersion,
        verbose_name=_("version"),
        on_delete=models.PROTECT,
        related_name="signed_records",
    )
    key = models.ForeignKey(
        SigningKey, verbose_name=_("signing key"), on_delete=models.PROTECT, related_name="+"
    )
    document = models.JSONField()
    signed_at = models.DateTimeField(_("signed"))

    objects = VisibleQuerySet["SignedRecord"].as_manager()

    class Meta:
        verbose_name = _("signed record")
        verbose_name_plural = _("signed records")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("version", "key"), name="catalog_signedrecord_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return str(self.version)
