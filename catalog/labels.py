"""Words for the codes that the schemes carry with them, as the public pages print them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = dict[str, str | Promise]

EVIDENCE: Labels = {
    "independent_verification": _("Independent verification"),
    "peer_reviewed": _("Peer-reviewed publication"),
    "government": _("Public authority"),
    "vendor": _("Supplier"),
    "press": _("Press"),
}
# How much weight figures bear, told at the figure.
EVIDENCE_MEANING: Labels = {
    "independent_verification": _("The main figures were verified by an independent body."),
    "peer_reviewed": _("The main figures come from a peer-reviewed publication."),
    "government": _("The main figures come from a public authority."),
    "vendor": _("The main figures are the supplier’s own."),
    "press": _("The main figures come from press reports and are not verified."),
}
EVIDENCE_TONES = {
    "independent_verification": "success",
    "peer_reviewed": "success",
    "government": "info",
    "vendor": "warning",
    "press": "warning",
}
COSTS: Labels = {
    "capex": _("Investment"),
    "opex": _("Operating cost"),
    "other": _("Other"),
}
PROPERTY: Labels = {
    "patent": _("Patent"),
    "patent_application": _("Patent application"),
    "utility_model": _("Utility model"),
    "design": _("Design"),
    "software_copyright": _("Software copyright"),
    "trademark": _("Trademark"),
    "know_how": _("Know-how"),
    "other": _("Other"),
}
TEXTS: Labels = {
    "summary": _("Summary"),
    "principle": _("Principle"),
    "route": _("Process route"),
    "innovation": _("What is new"),
    "applicability": _("Where it applies"),
    "operating_limits": _("Operating limits"),
    "secondary_pollution": _("Secondary pollution"),
    "maturity_evidence": _("Evidence of maturity"),
    "keywords": _("Keywords"),
}
FACETS: Labels = {
    "field": _("Field"),
    "subcategory": _("Sub-category"),
    "pollutant": _("Pollutant or parameter"),
    "matrix": _("Matrix"),
    "form": _("Form of technology"),
    "maturity": _("Maturity"),
    "country": _("Country or region of the holder"),
    "case_country": _("Country or region with a reference case"),
    "corridor": _("Corridor with a reference case"),
    "cooperation": _("Modes of cooperation"),
    "evidence": _("Evidence"),
    "year": _("Year of the collection activity"),
}
EARLIER = _("Evaluated before the portal")
EVENTS: Labels = {
    "suspended": _("This listing is suspended."),
    "expired": _("This listing has expired."),
    "withdrawn": _("This technology was withdrawn from the pool at the wish of its holder."),
    "revoked": _("The listing of this technology was revoked."),
}
STATE_TONES = {
    "listed": "success",
    "suspended": "warning",
    "expired": "neutral",
    "withdrawn": "neutral",
    "revoked": "danger",
}


def label(labels: Labels, code: str) -> str:
    """Name a code; one the pages do not know is printed as it is."""
    return str(labels.get(code, code))
