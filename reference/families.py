"""Long lists of choices by family, so that people find their way in them. Pure.

The families serve the eye only: nothing is stored by them. A code that none of them knows, one
that an officer added, stands under "Other".
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]
Family = tuple[str | Promise, str]  # its name, and its codes parted by spaces

POLLUTANTS: tuple[Family, ...] = (
    (_("Particles in the air"), "pm pm10 pm25 black-carbon"),
    (
        _("Gases and odour"),
        ("so2 nox co ozone ammonia hydrogen-sulphide acid-gases vocs nmhc benzene-series odour"),
    ),
    (_("Greenhouse gases"), "co2 methane"),
    (
        _("Organic load and nutrients in water"),
        (
            "cod bod5 toc ammonia-nitrogen total-nitrogen total-phosphorus dissolved-oxygen oil "
            "phenols algae"
        ),
    ),
    (
        _("Other properties of water"),
        (
            "suspended-solids turbidity salinity fluoride cyanide colour ph conductivity "
            "pathogens microplastics"
        ),
    ),
    (
        _("Metals and arsenic"),
        "mercury arsenic cadmium chromium lead heavy-metals",
    ),
    (
        _("Toxic and persistent organic substances"),
        (
            "dioxins emerging-contaminants pfas petroleum-hydrocarbons chlorinated-solvents pahs "
            "pcbs pesticides pops"
        ),
    ),
    (_("Soil and waste"), "sodicity organic-matter plastics asbestos"),
    (
        _("Physical factors and nature"),
        "noise radiation meteorology biodiversity",
    ),
)
# Regions of the United Nations' M49; the Caribbean and Central America stand with the north.
COUNTRIES: tuple[Family, ...] = (
    (
        _("Asia"),
        (
            "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK "
            "MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"
        ),
    ),
    (
        _("Africa"),
        (
            "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS "
            "LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG "
            "YT ZA ZM ZW"
        ),
    ),
    (
        _("Europe"),
        (
            "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE "
            "LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA"
        ),
    ),
    (
        _("North America"),
        (
            "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS "
            "MX NI PA PM PR SV SX TC TT US VC VG VI"
        ),
    ),
    (_("South America"), "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE"),
    (
        _("Oceania"),
        ("AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"),
    ),
    (_("Antarctica"), "AQ"),
)
FAMILIES = {"pollutant": POLLUTANTS, "country": COUNTRIES}


def by_family(source: str, choices: Iterable[Choice]) -> list[Group]:
    """Group what a source offers; a source without families is one group without a name."""
    if source not in FAMILIES:
        return [("", list(choices))]
    families = [(str(name), codes.split()) for name, codes in FAMILIES[source]]
    family_of = {code: name for name, codes in families for code in codes}
    groups: dict[str, list[Choice]] = {name: [] for name, _codes in families}
    for code, name in choices:
        groups.setdefault(family_of.get(code, gettext("Other")), []).append((code, name))
    return [(name, kept) for name, kept in groups.items() if kept]
