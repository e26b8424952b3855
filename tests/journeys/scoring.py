"""An expert at the scoring desk, from the invitation to the sealed sheet."""

import re

from tests.journeys.people import Person


def score(person: Person, title: str) -> None:
    """Find what is to be scored, promise, give every score, name evidence, submit."""
    person.go("evaluation/work/")
    person.page.get_by_role("link", name=re.compile(title)).first.click()
    person.fill({"no_conflict": True, "confidential": True})
    person.press("Accept")
    if person.page.get_by_role("link", name="Open the scoring desk").count():
        person.press("Open the scoring desk")
    scores = person.page.locator(".score-input")
    for position in range(scores.count()):
        scores.nth(position).fill(str(78 + position % 8))
    scores.first.fill("95")
    person.page.get_by_label(re.compile("^Comment on")).first.fill("First of its kind in the cold.")
    person.page.get_by_role("button", name=re.compile("Cite “Technology – Summary”")).click()
    person.page.get_by_label("I recommend it for the pool").check()
    person.fill({"score-comment-text": "Sound, and shown to work in the cold."})
    person.press("Save, check and submit")
    person.press("Submit the score sheet")
    person.reads("sealed")
