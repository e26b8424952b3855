"""The profile of an organisation, filled in through the service a person uses."""

from typing import Any

from accounts.models import Organisation
from submissions.models import Profile
from submissions.profile_saving import save_section
from submissions.profiles import of
from tests.builders import accounts


def content() -> dict[str, Any]:
    """Return a full, valid profile."""
    return {
        "capacity": {
            "founded": 1998,
            "capital": "5000000",
            "capital_currency": "CNY",
            "staff": 120,
            "research_staff": 14,
        },
        "qualifications": {
            "certificates": [
                {"kind": "iso14001", "name": "ISO 14001:2015", "number": "E-1", "body": "A body"}
            ]
        },
        "presence": {
            "languages": ["zh", "en"],
            "countries_served": ["KZ"],
            "offices": [{"kind": "office", "country": "KZ", "city": "Almaty"}],
        },
        "service": {
            "response_hours": "24",
            "after_sales": "Two engineers in Almaty.",
            "spare_parts": "In stock for five years.",
            "training": "Two weeks on site.",
            "maintenance": "Yearly contracts.",
        },
    }


def profile(organisation: Organisation, document: dict[str, Any] | None = None) -> Profile:
    """Fill in the organisation's profile, section by section, as its owner."""
    made = of(organisation.pk)
    for section, values in (document or content()).items():
        made = save_section(
            organisation.pk,
            section,
            values,
            actor=accounts.owner_of(organisation),
            revision=made.revision,
        )
    return made
