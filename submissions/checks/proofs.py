"""Rules about what proves a claim: evidence, certificates in force, numbers of patents. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from submissions.checks.papers import Found, Papers, day

PATENTS = frozenset({"patent", "patent_application", "utility_model", "design"})
# How each office writes its numbers: prefix, how many digits, kind code (WIPO ST.16); upper case,
# without spaces, dots, slashes, hyphens and commas. Loose on purpose: applications, publications
# and grants of all times pass, and what does not is a remark and no more. A German application has
# a check digit, a British one begins with its year, an Indian one names the office that took it.
SHAPES = {
    "CN": r"(ZL|CN)?(\d{12}|\d{8})[\dX]?([A-Z]\d?)?|(CN)?\d{7,9}[A-Z]\d?",
    "EP": r"(EP)?\d{7,8}(\d)?([AB]\d)?",
    "US": r"(US)?(\d{7,8}|D\d{6,7}|RE\d{5,6}|\d{11})([A-Z]\d?)?",
    "JP": r"(JP)?(特許|特開|特願|実登|実願|意匠登録|意願)?第?(平|昭|令)?"
    r"(\d{7}|\d{8}|(19|20)\d{2}\d{6}|[HSR]\d{8})号?(公報)?([A-Z]\d?)?",
    "KR": r"(KR)?(10|20|30)\d{7,11}([A-Z]\d?)?",
    "WO": r"(WO|PCT[A-Z]{2})?(\d{4}\d{6}|\d{2}\d{5})([A-Z]\d?)?",
    "EA": r"(EA)?\d{6,9}([A-Z]\d?)?",
    "RU": r"(RU)?\d{5,10}([A-Z]\d?)?",
    "DE": r"(DE)?\d{7,13}([A-Z]\d?)?",
    "FR": r"(FR)?\d{7}([A-Z]\d?)?",
    "GB": r"(GB)?\d{7,8}([A-Z]\d?)?",
    "IN": r"(IN)?(\d{5,6}|\d{12}|\d{1,5}(DEL|MUM|CHE|KOL|DELNP|MUMNP|CHENP|KOLNP)(19|20)\d{2})"
    r"([A-Z]\d?)?",
    "AU": r"(AU)?\d{6,10}([A-Z]\d?)?",
    "CA": r"(CA)?\d{6,7}([A-Z]\d?)?",
    "BR": r"(BR)?(PI|MU|DI)?\d{7,13}([A-Z]\d?)?",
}
# An international application is named where it went on, too.
INTERNATIONAL = r"PCT[A-Z]{2}(\d{10}|\d{7})"
IN_FORCE_UNTIL = (
    ("property", "rights", "expires_on"),
    ("evidence", "verifications", "valid_until"),
    ("recognition", "certifications", "valid_until"),
)


def claim_has_evidence(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A figure that no file proves."""
    if not papers.asks("performance", "indicators", "evidence"):
        return
    for at, row in enumerate(papers.rows("performance", "indicators")):
        if not row.get("evidence"):
            message = _("Indicator %(row)d: no file proves this figure.")
            yield "performance", f"indicators.{at}.evidence", message % {"row": at + 1}


def case_has_evidence(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A case without a report of acceptance or of measurements."""
    if not papers.asks("cases", "cases", "acceptance", "monitoring"):
        return
    for at, row in enumerate(papers.rows("cases", "cases")):
        if not (row.get("acceptance") or row.get("monitoring")):
            message = _("Case %(row)d: neither acceptance nor measurements are proved by a file.")
            yield "cases", f"cases.{at}.acceptance", message % {"row": at + 1}


def certificate_in_force(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A patent, statement or certificate that has run out."""
    for section, table, key in IN_FORCE_UNTIL:
        for at, row in enumerate(papers.rows(section, table)):
            until = day(row.get(key))
            if until and until < papers.today:
                message = _("Row %(row)d: ran out on %(day)s.")
                said = {"row": at + 1, "day": until.isoformat()}
                yield section, f"{table}.{at}.{key}", message % said


def number_of_patent(papers: Papers, params: dict[str, Any]) -> Iterator[Found]:
    """A number that is not shaped as those of its office."""
    for at, row in enumerate(papers.rows("property", "rights")):
        shape = SHAPES.get(str(row.get("office", "")))
        written = str(row.get("number", ""))
        if row.get("kind") not in PATENTS or not shape or not written:
            continue
        if not re.fullmatch(f"{shape}|{INTERNATIONAL}", re.sub(r"[\s.,/\-]", "", written.upper())):
            message = _("Right %(row)d: “%(number)s” is not shaped as a number of that office.")
            said = {"row": at + 1, "number": written[:40]}
            yield "property", f"rights.{at}.number", message % said
