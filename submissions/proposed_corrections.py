"""What a return begins with: the open lines of the checklist, as rows of its form."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from reference.models import Term
from reference.vocabularies import Vocabulary
from submissions import checklist
from submissions.checklist import Line, Verdict
from submissions.models import DeclarationVersion

LONGEST = 2000  # characters of what is to be corrected at one place
# Why a place comes back when a rule remarked it; what is not here the officer chooses.
REASONS = {
    "claim_has_evidence": "unproven",
    "case_has_evidence": "unproven",
    "certificate_in_force": "out-of-date",
    "number_of_patent": "wrong-place",
    "unit_of_indicator": "wrong-place",
    "share_within_bounds": "wrong-place",
    "removal_fits_inlet_and_outlet": "contradictory",
    "outlet_below_inlet": "contradictory",
    "case_of_measurement": "contradictory",
    "sum_of_operating_cost": "contradictory",
    "unit_investment_fits": "contradictory",
    "operation_since_start": "contradictory",
    "language_of_text": "wrong-language",
    "says_enough": "incomplete",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row of a return's form; what is looked at by eye has no place, who returns chooses it."""

    place: str
    code: str
    what: str


def corrections(version: DeclarationVersion) -> list[Proposed]:
    """Propose what a return names: one row for each rule and place, in the reader's language."""
    offered = set(Term.objects.of(Vocabulary.RETURN_REASON).active().values_list("code", flat=True))
    found = []
    for line in checklist.lines(version):
        if line.is_open:
            code = REASONS.get(line.item, "")
            found += _of(line, code if code in offered else "")
    return found


def _of(line: Line, code: str) -> list[Proposed]:
    said: dict[str, list[str]] = {}
    # That a rule could not be run is nothing an applicant can correct.
    for one in (remark for remark in line.remarks if not remark.failed):
        said.setdefault(f"{one.section}.{one.member}", []).append(one.message)
    if line.mark and line.mark.verdict == Verdict.NOT_MET:
        said[""] = [line.mark.reason or str(line.label)]
    return [Proposed(place, code, _joined(sentences)) for place, sentences in said.items()]


def _joined(sentences: list[str]) -> str:
    """Put sentences below each other, each once; what is too much is counted at the end."""
    each = list(dict.fromkeys(sentences))
    kept: list[str] = []
    for one in each:
        rest = len(each) - len(kept) - 1
        after = len(_more(rest)) + 1 if rest else 0
        if sum(len(text) + 1 for text in kept) + len(one) + after > LONGEST:
            return "\n".join([*kept, _more(len(each) - len(kept))])
        kept.append(one)
    return "\n".join(kept)


def _more(count: int) -> str:
    text = ngettext(
        "There is %(count)d more of this kind.", "There are %(count)d more of this kind.", count
    )
    return text % {"count": count}
