"""What makes the catalogue found: the order of its changes, and the words it is written in."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.catalogue import Technology


class Change(models.Model):
    """A technology is to be read again: by whoever keeps a copy of the catalogue.

    Numbered when its transaction commits, under the lock of the audit chain, so that the order
    of numbers is the order of commits: who has read up to a number has missed nothing. Until
    then it has no number, and nobody else sees it.
    """

    class Kind(models.TextChoices):
        LISTED = "listed", _("listed")
        TRANSLATED = "translated", _("translated")
        SUSPENDED = "suspended", _("suspended")
        RESUMED = "resumed", _("listed again")
        EXPIRED = "expired", _("expired")
        RENEWED = "renewed", _("renewed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REVOKED = "revoked", _("revoked")
        # The holder said that the particulars still hold: its record is the same.
        CONFIRMED = "confirmed", _("confirmed")
        # Its record is the same, it is found by other words: nothing to tell the world.
        INDEXED = "indexed", _("found by other words")

    # After these the record is what it was: nothing for who keeps a copy of it.
    INNER = (Kind.INDEXED, Kind.CONFIRMED)

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(_("number"), unique=True, null=True, editable=False)
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    seq = models.PositiveIntegerField(_("place in the order of changes"))
    at = models.DateTimeField(_("time"), null=True, editable=False)

    class Meta:
        verbose_name = _("change of the catalogue")
        verbose_name_plural = _("changes of the catalogue")
        ordering = ("number",)
        indexes = (
            models.Index(
                name="catalog_change_unnumbered", fields=("id",), condition=Q(number=None)
            ),
            # What the world was told: the last of each technology, and since a moment.
            models.Index(
                name="catalog_change_told",
                fields=("technology", "number"),
                condition=~Q(kind="indexed"),
            ),
            models.Index(
                name="catalog_change_told_at", fields=("at",), condition=~Q(kind="indexed")
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="numbered_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__number__isnull=False),
            ),
            pgtrigger.Trigger(
                name="number",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                # The lock of the audit chain: two locks taken at commit could wait for each other.
                func="""
                    PERFORM pg_advisory_xact_lock(731003);
                    UPDATE catalog_change
                       SET number = nextval('catalog_change_number'), at = portal_clock()
                     WHERE id = NEW.id;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Word(models.Model):
    """A word of a title, a keyword or a name: what a misspelt one may have meant."""

    text = models.CharField(primary_key=True, max_length=60)

    class Meta:
        verbose_name = _("word of the catalogue")
        verbose_name_plural = _("words of the catalogue")
        indexes = (GinIndex(OpClass(F("text"), "gin_trgm_ops"), name="catalog_word_trigram"),)

    def __str__(self) -> str:
        return self.text
