"""A draft of the next criteria, waiting for the signature of a second officer."""

import copy

from django.db import transaction

from demo import accounts, people
from evaluation.criteria import documents
from evaluation.criteria.drafts import begin_draft, save_draft
from evaluation.criteria.sealing import seal_criteria
from evaluation.criteria.workflow import perform_draft
from evaluation.models import CriteriaDraft

# Advanced nature gives five points of weight to practicability.
WEIGHTS = {"advanced": 20, "practicability": 30}
REASON = (
    "Demonstration: what a technology does under the conditions of the countries and regions it "
    "is meant for should count more than its novelty."
)


@transaction.atomic
def propose() -> None:
    """Leave a draft for the visitor to sign, send back or compare; what a visitor did stays.

    All of it or nothing: a load that is killed here begins it anew.
    """
    if CriteriaDraft.objects.exists():
        return
    author = accounts.account(people.SECOND_OFFICER)
    draft = begin_draft(seal_criteria(documents.default()), actor=author)
    document = copy.deepcopy(draft.document)
    for dimension in document["dimensions"]:
        dimension["weight"] = WEIGHTS.get(dimension["code"], dimension["weight"])
    save_draft(draft.pk, document, reason=REASON, actor=author, revision=draft.revision)
    perform_draft("propose", draft.pk, actor=author)
