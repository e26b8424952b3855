"""Where in a declaration the evidence for an indicator stands."""

from submissions.models import DeclarationScheme


def evidence_choices() -> list[tuple[str, str]]:
    """Return the sections of all declaration schemes, the newest naming each."""
    found: dict[str, str] = {}
    for scheme in DeclarationScheme.objects.order_by("-created_at", "-pk"):
        for section in scheme.load().sections:
            found.setdefault(section.key, section.label)
    return list(found.items())
