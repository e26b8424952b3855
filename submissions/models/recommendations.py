"""What a recommending unit said of a declaration, or why it was not waited for."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import MAIL_LANGUAGES
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from submissions.models.declarations import Declaration, DeclarationVersion
from submissions.models.kept import fixed, kept, of_one_declaration
from submissions.states import RECOMMENDATION, RecommendationStatus

ANSWERED = (RecommendationStatus.RECOMMENDED, RecommendationStatus.NOT_RECOMMENDED)
NAMED = pgtrigger.Q(old__status=RecommendationStatus.NAMED)


class Recommendation(models.Model):
    """The unit an applicant named, and its answer about the version it was asked to read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.OneToOneField(
        Declaration, on_delete=models.PROTECT, related_name="recommendation"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=RecommendationStatus.choices,
        default=RecommendationStatus.NAMED,
        editable=False,
    )
    unit = models.CharField(_("recommending unit"), max_length=200)
    address = models.EmailField(_("e-mail address of the unit"))
    language = models.CharField(_("language of the mail"), max_length=10, choices=MAIL_LANGUAGES)
    version = models.ForeignKey(
        DeclarationVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Of the link in the mail; the link itself is nowhere but there.
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 -- none yet is none, and unique
    asked_at = models.DateTimeField(_("asked"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)

    objects = VisibleQuerySet["Recommendation"].as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("-asked_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(status=RecommendationStatus.NAMED)
                | Q(version__isnull=False, token_hash__isnull=False, asked_at__isnull=False),
                name="submissions_recommendation_asked",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ANSWERED)
                | Q(answered_at__isnull=False) & ~Q(opinion="") & ~Q(signatory=""),
                name="submissions_recommendation_answered",
            ),
        )
        triggers = (
            status_guard(RECOMMENDATION),
            kept(),
            of_one_declaration(),
            fixed("of_it_stays", "declaration_id"),
            fixed("asked_stays", "version_id", "unit", condition=~NAMED),
            fixed(
                "answered_stays",
                *("answered_at", "opinion", "signatory"),
                condition=~NAMED & ~pgtrigger.Q(old__status=RecommendationStatus.ASKED),
            ),
        )

    def __str__(self) -> str:
        return self.unit
