"""The signed records that are handed out: the one of now, and those of earlier versions."""

from catalog.models import SignedRecord, Technology
from core.rights import Actor


def newest(technology: Technology, actor: Actor) -> SignedRecord | None:
    """Return the signed record of what is public now; None while it waits for its signature."""
    rows = SignedRecord.objects.visible_to(actor).select_related("version")
    found = (
        rows.filter(version__technology=technology, key__compromised_at=None)
        .order_by("-version__number", "-pk")
        .first()
    )
    # An older one would say what holds no more.
    same = found is not None and found.version.content_hash == technology.content_hash
    return found if same else None


def of_version(number: str, version: int, actor: Actor) -> SignedRecord | None:
    rows = SignedRecord.objects.visible_to(actor).filter(
        version__technology__number=number, version__number=version, key__compromised_at=None
    )
    return rows.select_related("version__technology").order_by("-pk").first()
