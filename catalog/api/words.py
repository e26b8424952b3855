"""What operations and parameters are called and mean, for people who read the description."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

INTRODUCTION: Text = _(
    "The public catalogue of the Technology Pool for programs: the same records and the same "
    "search as on the pages. Listing in the pool is not a certification."
)
NOT_MODIFIED: Text = _("What you have still holds.")

OPERATIONS: dict[str, tuple[Text, Text]] = {
    "entry": (_("Where everything is"), _("The addresses to begin with.")),
    "technologies": (
        _("Search the pool"),
        _(
            "Technologies that are listed: by words in English and Chinese, by every filter of "
            "the catalogue, within bounds of figures. Values of one filter add up; filters "
            "narrow each other. Follow “next” to the end; never build a cursor."
        ),
    ),
    "technology": (
        _("One technology"),
        _(
            "Its public record with the hash taken of it. While it is suspended or expired the "
            "record says so and little else; once withdrawn or revoked the answer is 410."
        ),
    ),
    "versions": (
        _("Versions of a record"),
        _("While the technology is listed: when its record was another one, oldest first."),
    ),
    "version": (
        _("One version of a record"),
        _("While the technology is listed: the record as it stood from that moment on."),
    ),
    "changes": (
        _("What changed"),
        _(
            "Changes after a number, oldest first. Keep “cursor” and ask with it next time: who "
            "does has missed nothing. Of what left the pool there is a tombstone."
        ),
    ),
    "taxonomy": (
        _("Vocabulary"),
        _(
            "Codes of fields, sub-categories, countries and regions, corridors, terms, units and "
            "indicators, with their names in all languages."
        ),
    ),
    "statistics": (
        _("Counts"),
        _("How many technologies are listed, by every filter, and by the figures they state."),
    ),
}

PARAMETERS: dict[str, Text] = {
    "id": _("Identifier of the technology"),
    "number": _("Number of the version, from 1 on"),
    "q": _("Words to look for, in English or Chinese"),
    "field": _("Code of a field"),
    "subcategory": _("Code of a sub-category"),
    "pollutant": _("Code of a pollutant or parameter"),
    "matrix": _("Code of a matrix"),
    "form": _("Code of a form of technology"),
    "maturity": _("Code of a stage of maturity"),
    "country": _("Country or region of the holder, ISO 3166-1 alpha-2"),
    "case_country": _("Country or region with a reference case, ISO 3166-1 alpha-2"),
    "corridor": _("Code of a corridor with a reference case"),
    "cooperation": _("Code of a mode of cooperation"),
    "evidence": _("Grade of the evidence"),
    "year": _("Year of the collection activity, four digits"),
    "ranges": _(
        "Bounds on a figure: least.MEASURE and most.MEASURE, where a measure is written "
        "kind|of|unit as in the counts, for example least.capacity||m3/d=100"
    ),
    "sort": _(
        "newest, relevance (only with q), low.MEASURE or high.MEASURE; without it the best match "
        "comes first where something is looked for, else the newest"
    ),
    "cursor": _("Out of a link “next” or “previous”"),
    "size": _("Rows of a page; more than 100 need a token with the scope “bulk”"),
    "counts": _("Whether to count what every filter would leave"),
    "since": _("Number of the last change you have; 0 to begin"),
}
