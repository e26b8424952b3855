"""Rows every app relies on: what was done, what is owed, what was mailed, how far work is."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.immutable import append_only
from core.querysets import VisibleQuerySet

# What the first link follows; the trigger below writes it as repeat('0', 64).
GENESIS = "0" * 64


class AuditEntry(models.Model):
    """One act: who did what, to what, why. Never changed, never deleted.

    ``record`` is the canonical JSON of the act; the chain in ``AuditLink`` is taken over it.
    The person is an account, which keeps its id when the person is erased.
    """

    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the portal itself, by the clock."),
    )
    act = models.CharField(_("act"), max_length=80)
    subject_type = models.CharField(_("kind of object"), max_length=40)
    subject_id = models.CharField(_("object"), max_length=64)
    before = models.CharField(_("before"), max_length=40, blank=True)
    after = models.CharField(_("after"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict)
    record = models.TextField(editable=False)

    objects = VisibleQuerySet["AuditEntry"].as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ("-id",)
        indexes = (models.Index(fields=("subject_type", "subject_id", "id")),)
        triggers = (
            append_only(),
            # The link is made when the transaction commits: the chain is then exact and
            # complete, and its lock is held for a moment only, after every row lock.
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("last", "record"), ("previous", "text")],
                func="""
                    PERFORM pg_advisory_xact_lock(731003);
                    SELECT position, hash INTO last
                        FROM core_auditlink ORDER BY position DESC LIMIT 1;
                    previous := coalesce(last.hash, repeat('0', 64));
                    INSERT INTO core_auditlink (entry_id, position, previous_hash, hash)
                    VALUES (
                        NEW.id,
                        coalesce(last.position, 0) + 1,
                        previous,
                        encode(sha256(convert_to(previous || NEW.record, 'UTF8')), 'hex')
                    );
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.subject_type} {self.subject_id}"


class AuditLink(models.Model):
    """The place of one act in the chain: SHA-256 over the previous hash and the record."""

    entry = models.OneToOneField(
        AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="link"
    )
    position = models.BigIntegerField(unique=True)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("link of the audit chain")
        verbose_name_plural = _("links of the audit chain")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"


class OutboxMessage(models.Model):
    """An effect that is owed: written with the change, carried out by a worker afterwards."""

    id = models.BigAutoField(_("serial number"), primary_key=True)
    topic = models.CharField(_("topic"), max_length=60)
    payload = models.JSONField(_("content"), default=dict)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    available_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = VisibleQuerySet["OutboxMessage"].as_manager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = (
            models.Index(
                name="core_outbox_due",
                fields=("available_at", "id"),
                condition=Q(delivered_at=None, given_up_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class StoredMail(models.Model):
    """A mail as it was written when it happened; a worker sends it later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=10)
    template = models.CharField(_("template"), max_length=80)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    # A mail with a link that lets someone in: its text is for its reader only.
    secret = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True, db_index=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    # Where a mail program ends mails like this with one press (RFC 8058).
    unsubscribe = models.CharField(max_length=500, blank=True, default="", editable=False)
    # Whom the text tells its reader of: the key of the account, and the words that stand for the
    # person in it. An erasure finds exactly these, whatever the name was at that time.
    named = models.JSONField(default=dict, editable=False)

    objects = VisibleQuerySet["StoredMail"].as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-created_at", "id")
        indexes = (
            models.Index(name="core_mail_recipient", fields=("recipient",)),
            GinIndex(name="core_mail_named", fields=("named",)),
        )

    def __str__(self) -> str:
        """Name the kind of mail: to whom it went may be nobody's to read."""
        return f"{self.template} {self.pk}"


class ReminderRule(models.Model):
    """When a reminder of an event is sent, and to whom; ``core.reminders`` knows the events."""

    event = models.CharField(_("event"), max_length=60)
    days = models.PositiveSmallIntegerField(_("days"))
    before = models.BooleanField(_("before the date"), default=True)
    working_days = models.BooleanField(
        _("working days"), default=False, help_text=_("By the calendar of working days in China.")
    )
    audience = models.CharField(_("audience"), max_length=40)
    enabled = models.BooleanField(_("in force"), default=True)

    objects = VisibleQuerySet["ReminderRule"].as_manager()

    class Meta:
        verbose_name = _("rule of reminders")
        verbose_name_plural = _("rules of reminders")
        ordering = ("event", "-before", "-days")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "days", "before", "working_days", "audience"),
                name="core_reminder_rule_once",
            ),
            models.CheckConstraint(
                condition=Q(days__lte=366), name="core_reminder_rule_within_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {'-' if self.before else '+'}{self.days} {self.audience}"


class SentReminder(models.Model):
    """A reminder was written: the ledger by which none is written twice. ``recipient`` is a key."""

    rule = models.ForeignKey(
        ReminderRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="sent"
    )
    subject_type = models.CharField(_("kind of object"), max_length=40)
    subject_id = models.CharField(_("object"), max_length=64)
    due_at = models.DateTimeField(_("due"))
    recipient = models.CharField(_("reader"), max_length=64)
    sent_at = models.DateTimeField(_("written"))

    objects = VisibleQuerySet["SentReminder"].as_manager()

    class Meta:
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")
        ordering = ("-sent_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("rule", "subject_type", "subject_id", "due_at", "recipient"),
                name="core_reminder_sent_once",
            ),
        )
        indexes = (models.Index(fields=("subject_id",)),)
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.subject_type} {self.subject_id} {self.due_at}"


class Progress(models.Model):
    """How far a long piece of work is, for the page that shows it."""

    name = models.SlugField(primary_key=True, max_length=60)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    failed = models.TextField(blank=True)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = (
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="progress_done"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.done}/{self.total}"
