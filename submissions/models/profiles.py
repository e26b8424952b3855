"""What an organisation says of itself, once, to be filed with each of its declarations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.querysets import VisibleQuerySet


class Profile(models.Model):
    """The working copy of an organisation's profile: a document shaped by a shipped scheme.

    What was filed with a declaration lies in its version and does not change with this.
    """

    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("organisation"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    content = models.JSONField(default=dict)
    # Counts the saves, as in a declaration: who began before somebody else's save is told.
    revision = models.PositiveIntegerField(default=0)
    section_revisions = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleQuerySet["Profile"].as_manager()

    class Meta:
        verbose_name = _("profile of an organisation")
        verbose_name_plural = _("profiles of organisations")

    def __str__(self) -> str:
        return str(self.organisation_id)
