"""The life of a collection. One officer is enough: it says nothing of a technology that is not
public, lists none, and every change of it is in the audit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class CollectionStatus(TextChoices):
    DRAFT = "draft", _("being prepared")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


COLLECTION = Lifecycle(
    "collection",
    CollectionStatus,
    CollectionStatus.DRAFT,
    (
        Transition(
            "publish",
            _("Publish the collection"),
            frozenset({CollectionStatus.DRAFT, CollectionStatus.WITHDRAWN}),
            CollectionStatus.PUBLISHED,
            "publish",
        ),
        Transition(
            "withdraw",
            _("Withdraw the collection"),
            frozenset({CollectionStatus.PUBLISHED}),
            CollectionStatus.WITHDRAWN,
            "publish",
            needs_reason=True,
        ),
    ),
)
