"""What officers read around a seal: other drafts, what is signed, and what follows."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from core.errors import DomainError
from evaluation.criteria.drafts import begin_draft, save_draft
from evaluation.criteria.effects import uncounted
from evaluation.criteria.workflow import perform_change, perform_draft, propose_change
from evaluation.models import Case, CriteriaDraft
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db
WHY = "The bar was too low."


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


@pytest.fixture
def draft(officer):
    return begin_draft(build.criteria(), actor=officer)


def address(name, draft, *more):
    return reverse(f"admin:evaluation_criteriadraft_{name}", args=[draft.pk, *more])


def begin(sealed):
    return reverse("admin:evaluation_criteriaset_draft", args=[sealed.pk])


def proposed(draft, officer, **changes):
    document = criteria.changed(version=3, gates__recommended="85", **changes)
    save_draft(draft.pk, document, reason=WHY, actor=officer, revision=0)
    return perform_draft("propose", draft.pk, actor=officer)


def sealed(draft, officer, **changes):
    proposed(draft, officer, **changes)
    return perform_draft("seal", draft.pk, actor=accounts.second_officer()).sealed_as


def judged_by(criteria_set):
    """Let an activity that is open go on by another set."""
    activity, author = build.activity(), accounts.officer()
    change = propose_change(activity, criteria_set, reason=WHY, actor=author)
    perform_change("confirm", change.pk, actor=accounts.second_officer())


def steps(page):
    return [step.name for step, _url in page.context["steps"]]


# Drafts beside each other -------------------------------------------------------------------


def test_who_begins_a_second_draft_is_told_of_the_first(client, draft, officer):
    told = client.post(begin(draft.based_on))

    assert "is being written already" in text(told)
    assert str(officer) in text(told)
    assert address("change", draft) in told.content.decode()
    assert CriteriaDraft.objects.count() == 1

    client.post(begin(draft.based_on), {"another": "1"})
    assert CriteriaDraft.objects.count() == 2


def test_the_set_leads_to_the_draft_of_its_next_version(client, draft):
    page = client.get(reverse("admin:evaluation_criteriaset_change", args=[draft.based_on_id]))

    assert "Draft of the next version" in text(page)
    assert address("change", draft) in page.content.decode()


def test_a_draft_out_of_date_says_so_and_leads_on(client, draft, officer):
    late = begin_draft(draft.based_on, actor=officer)
    made = sealed(draft, officer)

    page = client.get(address("change", late))
    outline = text(client.get(address("outline", late)))
    listed = client.get(reverse("admin:evaluation_criteriadraft_changelist"))

    for shown in (text(page), outline):
        assert f"{made} has been sealed since this draft was begun." in shown
        assert "The set is sound" not in shown
        assert f"Begin anew from {made}" in shown
    assert steps(page) == ["discard"]
    assert begin(made) in page.content.decode()
    rows = {row.pk: row.is_overtaken for row in listed.context["cl"].result_list}
    assert rows == {late.pk: True, draft.pk: True}


def test_a_proposed_draft_out_of_date_offers_no_seal(draft, officer):
    late = begin_draft(draft.based_on, actor=officer)
    save_draft(late.pk, criteria.changed(version=3, gates__recommended="90"), reason=WHY,
               actor=officer, revision=0)  # fmt: skip
    perform_draft("propose", late.pk, actor=officer)
    sealed(draft, officer)
    second = accounts.signed_in(accounts.second_officer())

    page = second.get(address("change", late))
    asked = second.get(address("step", late, "seal"))

    assert steps(page) == ["send_back"]
    assert asked.status_code == 302
    said = [str(one) for one in get_messages(asked.wsgi_request)]
    assert "has been sealed since this draft was begun" in said[0]


def test_no_draft_begins_from_a_set_that_was_followed(client, draft, officer):
    based_on = draft.based_on
    made = sealed(draft, officer)

    answer = client.post(begin(based_on), follow=True)

    assert f"{made} has been sealed. Begin a draft of that one." in text(answer)
    with pytest.raises(DomainError, match="has been sealed"):
        begin_draft(based_on, actor=officer)


# The seal -----------------------------------------------------------------------------------


def test_who_seals_reads_what_is_sealed(draft, officer):
    proposed(draft, officer, dimensions__0__weight=20, dimensions__1__weight=30)
    second = accounts.signed_in(accounts.second_officer())

    page = second.get(address("step", draft, "seal"))

    found = [(one.where, one.what, one.before, one.after) for one in page.context["differences"]]
    assert found == [
        ("The whole set", "Recommended from", "75", "85"),
        ("Advanced nature", "Weight", "25", "20"),
        ("Practicability", "Weight", "25", "30"),
    ]
    shown = text(page)
    assert [str(value) for _label, value in page.context["form"].facts()] == [
        str(officer),
        str(officer),
        WHY,
    ]
    chosen = "It takes effect only when it is chosen for an activity or a change is confirmed."
    assert ("Sign and seal" in shown, chosen in shown) == (True, True)


def test_who_wrote_the_draft_is_shown_no_seal(client, draft, officer):
    proposed(draft, officer)

    page = client.get(address("change", draft))
    asked = client.get(address("step", draft, "seal"))

    assert steps(page) == ["send_back"]
    assert "You have written in this draft: another officer seals it." in text(page)
    assert [str(one) for one in get_messages(asked.wsgi_request)] == [
        "A second officer seals the set: you have written in this draft or proposed it."
    ]


def test_a_sealed_set_says_what_follows_until_it_is_public(client, draft, officer):
    made = sealed(draft, officer)
    page = reverse("admin:evaluation_criteriaset_change", args=[made.pk])
    at = reverse("evaluation:criteria-detail", args=[made.code, made.version])

    before = text(client.get(page))
    unread = Client().get(at).status_code
    judged_by(made)
    after = client.get(page)

    assert "Choose it for an activity in preparation" in before
    assert "Propose it for an activity that is open" in before
    assert unread == 404
    assert "What follows:" not in text(after)
    assert at in after.content.decode()
    assert Client().get(at).status_code == 200


# The outline --------------------------------------------------------------------------------


def typed(client, page):
    return {
        bound.html_name: "" if bound.value() is None else bound.value()
        for bound in client.get(page).context["form"]
        if bound.value() is not False
    }


@pytest.mark.parametrize(
    ("pressed", "page", "more"),
    [
        ("change", "change", ()),
        ("new_dimension", "new_dimension", ()),
        ("new_indicator:service", "new_indicator", ("service",)),
        ("dimension_out:service", "dimension_out", ("service",)),
        ("indicator:advanced.level", "indicator", ("advanced", "level")),
        ("elsewhere", "outline", ()),
        ("new_indicator:", "outline", ()),
        ("indicator:a b.c", "outline", ()),
    ],
)
def test_what_was_typed_is_stored_whatever_button_is_pressed(client, draft, pressed, page, more):
    outline = address("outline", draft)

    answer = client.post(
        outline, typed(client, outline) | {"advanced:weight": "20", "then": pressed}
    )

    stored = CriteriaDraft.objects.get(pk=draft.pk)
    assert answer["Location"] == address(page, draft, *more)
    assert stored.document["dimensions"][0]["weight"] == 20


def test_a_button_pressed_on_an_unchanged_outline_stores_nothing(client, draft):
    reader = accounts.second_officer()
    outline = address("outline", draft)
    second = accounts.signed_in(reader)

    answer = second.post(outline, typed(second, outline) | {"then": "indicator:advanced.level"})

    assert answer["Location"] == address("indicator", draft, "advanced", "level")
    stored = CriteriaDraft.objects.get(pk=draft.pk)
    assert (stored.revision, stored.writers.filter(pk=reader.pk).exists()) == (0, False)


def test_what_is_wrong_on_the_outline_is_said_before_one_goes_on(client, draft):
    outline = address("outline", draft)

    answer = client.post(
        outline, typed(client, outline) | {"advanced:weight": "x", "then": "new_dimension"}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["advanced:weight"] == ["Enter a whole number."]


# Effect -------------------------------------------------------------------------------------


def test_the_effect_names_what_nobody_has_scored(client, draft, officer):
    build.scored_case()
    document = criteria.changed(version=3)
    new = dict(document["dimensions"][4]["indicators"][0], code="spares")
    new["names"] = {"en": "Spare parts", "zh-hans": "备件"}
    gone = document["dimensions"][4]["indicators"]
    document["dimensions"][4]["indicators"] = [new, *gone[1:]]
    save_draft(draft.pk, document, reason=WHY, actor=officer, revision=0)

    page = client.get(address("effect", draft))

    found = uncounted(Case.objects.all(), document)
    assert found.left_out == 1
    assert [name.partition(" – ")[2] for name in found.unscored] == ["Spare parts"]
    shown = text(page)
    assert "Nobody has scored these yet." in shown
    assert "Spare parts" in shown
    assert "1 indicator that was scored is not in this set; its scores are left out." in shown
    assert "By the scores there are, no recommendation would change." in shown


def test_the_effect_of_the_same_questions_names_nothing(client, draft):
    build.scored_case()

    shown = text(client.get(address("effect", draft)))

    assert "Nobody has scored these yet." not in shown
    assert "No recommendation would change." in shown
