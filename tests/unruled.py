"""Models nobody has to be granted: why their rows have no rule in the table of rights."""

INDEX = "what the public catalogue is found by: of public records only"
PUBLIC = "public reference data: printed on public pages, nothing personal in it"
ASKED = "a view that the conditions of the table ask; no page reads it"
ASKED_BY_PAGES = "a view; evaluation.conflicts.earlier asks what of it the reader may see"
TRIGGERS = "carries the triggers of a table of pairs; the pairs are asked of the verification"
# Models without a ``visible_to``, each with the reason.
WITHOUT: dict[str, str] = {
    "core.AuditLink": "hashes and positions of the audit chain; read by its verification only",
    "core.Progress": "how far the portal's own work is; its page is public",
    "reference.Country": PUBLIC,
    "reference.Edition": PUBLIC,
    "reference.Corridor": PUBLIC,
    "reference.CorridorMembership": PUBLIC,
    "reference.WorkingDayException": PUBLIC,
    "reference.Field": PUBLIC,
    "reference.Subcategory": PUBLIC,
    "reference.Quantity": PUBLIC,
    "reference.Unit": PUBLIC,
    "reference.Indicator": PUBLIC,
    "reference.Term": PUBLIC,
    "catalog.Change": INDEX,
    "catalog.Word": INDEX,
    "evaluation.House": ASKED,
    "evaluation.Tie": ASKED,
    "evaluation.TiedName": ASKED,
    "evaluation.Connected": ASKED,
    "evaluation.BarringReview": ASKED,
    "evaluation.EarlierReview": ASKED_BY_PAGES,
    "evaluation.LateBar": ASKED_BY_PAGES,
    "evaluation.CountingConnection": ASKED,
    "evaluation.CountingEmployment": ASKED,
    "evaluation.ExpertTakingPart": TRIGGERS,
    "evaluation.OfficerTakingPart": TRIGGERS,
}
