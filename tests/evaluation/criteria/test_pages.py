"""The officers' pages of drafts and changes: what is typed is kept, what it means is shown."""

import pytest
from django.urls import reverse

from evaluation.criteria.drafts import begin_draft, save_draft
from evaluation.criteria.workflow import perform_draft
from evaluation.models import ActivityCriteria, CriteriaChange, CriteriaDraft, CriteriaSet
from tests.builders import accounts, criteria, submissions
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


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


def typed(client, page):
    """Return what a page's form would send as it stands."""
    form = client.get(page).context["form"]
    return {
        bound.html_name: "" if bound.value() is None else bound.value()
        for bound in form
        if bound.value() is not False
    }


def stored(draft):
    return CriteriaDraft.objects.get(pk=draft.pk)


def test_a_draft_begins_at_the_sealed_set(client, officer):
    sealed = build.criteria()
    page = reverse("admin:evaluation_criteriaset_change", args=[sealed.pk])
    assert "Draft the next version" in text(client.get(page))

    client.post(reverse("admin:evaluation_criteriaset_draft", args=[sealed.pk]))

    made = CriteriaDraft.objects.get()
    assert (made.based_on, list(made.writers.all())) == (sealed, [officer])


def test_a_page_sent_as_it_stands_changes_nothing(client, draft):
    pages = [address("outline", draft), address("indicator", draft, "advanced", "level")]
    for page in pages:
        client.post(page, typed(client, page))

    assert (stored(draft).document, stored(draft).revision) == (draft.document, 2)


def test_weights_and_gates_are_typed_on_one_page(client, draft):
    page = address("outline", draft)
    given = typed(client, page) | {
        "recommended": "77.50",
        "advanced:weight": "30",
        "advanced:minimum": "65",
        "service:weight": "5",
        "reason": "Novelty counts more.",
    }

    client.post(page, given)

    document = stored(draft).document
    assert document["gates"]["recommended"] == "77.5"
    assert [one["weight"] for one in document["dimensions"]] == [30, 25, 20, 20, 5]
    assert document["dimensions"][0]["minimum"] == "65"
    assert stored(draft).reason == "Novelty counts more."


def test_weights_that_do_not_sum_up_are_stored_and_named(client, draft):
    page = address("outline", draft)

    answer = client.post(page, typed(client, page) | {"advanced:weight": "30"}, follow=True)

    assert "The weights in “Technology evaluation criteria” sum to 105, not to 100." in text(answer)
    assert stored(draft).document["dimensions"][0]["weight"] == 30


def test_an_indicator_is_typed_with_its_bands(client, draft):
    page = address("indicator", draft, "advanced", "level")
    given = typed(client, page) | {
        "name_en": "Level against the best",
        "fields": ["WAT", "AIR"],
        "veto_below": "40",
        "not_applicable": "on",
        "band_3:from": "50",
        "band_3:to": "59",
        "band_4:from": "0",
        "band_4:to": "49",
        "band_4:text_en": "Far below.",
        "band_4:text_zh_hans": "远低于。",
    }

    client.post(page, given)

    one = stored(draft).document["dimensions"][0]["indicators"][0]
    assert one["names"]["en"] == "Level against the best"
    assert (one["fields"], one["veto_below"], one["not_applicable"]) == (["WAT", "AIR"], "40", True)
    assert [(band["from"], band["to"]) for band in one["bands"]] == [
        (90, 100),
        (75, 89),
        (60, 74),
        (50, 59),
        (0, 49),
    ]


def test_half_a_band_is_said_at_its_place(client, draft):
    page = address("indicator", draft, "advanced", "level")

    answer = client.post(page, typed(client, page) | {"band_4:from": "10"})

    assert answer.context["form"].errors == {"band_4:from": ["Give both limits of the band."]}
    assert stored(draft).revision == 0


def test_an_indicator_is_added_and_left_out(client, draft):
    new = address("new_indicator", draft, "service")
    given = typed(client, new) | {"code": "spares", "name_en": "Spare parts", "weight": "10"}

    client.post(new, given)
    added = [one["code"] for one in stored(draft).document["dimensions"][4]["indicators"]]
    leave_out = address("leave_out", draft, "service", "delivery")
    stale = client.post(leave_out, {"revision": "0"}, follow=True)
    untouched = stored(draft).revision
    client.post(leave_out, {"revision": "1"})

    left = [one["code"] for one in stored(draft).document["dimensions"][4]["indicators"]]
    assert added == ["qualification", "delivery", "overseas", "spares"]
    assert left == ["qualification", "overseas", "spares"]
    assert untouched == 1
    assert "Somebody saved this meanwhile." in text(stale)


def test_a_code_is_used_once(client, draft):
    page = address("new_indicator", draft, "service")

    answer = client.post(page, typed(client, page) | {"code": "level", "weight": "10"})

    assert answer.context["form"].errors["code"] == ["This code is used already."]


def test_what_somebody_saved_meanwhile_is_not_overwritten_unseen(client, draft):
    page = address("outline", draft)
    given = typed(client, page) | {"recommended": "77"}
    save_draft(
        draft.pk, draft.document, reason="Theirs.", actor=accounts.second_officer(), revision=0
    )

    first = client.post(page, given)
    kept = stored(draft).reason
    again = {**given, "revision": first.context["form"]["revision"].value()}
    client.post(page, again)

    assert "Somebody saved this draft while the page was open." in text(first)
    assert 'value="77"' in first.content.decode()
    assert kept == "Theirs."
    assert stored(draft).document["gates"]["recommended"] == "77"


def test_the_draft_shows_what_differs_and_what_is_wrong(client, draft, officer):
    document = criteria.changed(
        version=3,
        gates__recommended="80",
        dimensions__0__weight=24,
        dimensions__0__names={"en": "x"},
    )
    save_draft(draft.pk, document, reason="Why.", actor=officer, revision=0)

    answer = client.get(address("change", draft))

    shown = text(answer)
    assert "The weights in “Technology evaluation criteria” sum to 99, not to 100." in shown
    assert "“x” has no text in the language “zh-hans”." in shown
    assert [(one.what, one.before, one.after) for one in answer.context["differences"]] == [
        ("Recommended from", "75", "80"),
        ("Designation", "Advanced nature / 先进性", "x"),
        ("Weight", "25", "24"),
    ]


def test_the_page_of_a_draft_has_nothing_to_save_and_leads_to_where_there_is(client, draft):
    page = text(client.get(address("change", draft)))
    outline = text(client.get(address("outline", draft)))
    before = stored(draft)
    sent = client.post(address("change", draft), {"_continue": "1"})

    assert ('name="_save"' in page, 'name="_continue"' in page) == (False, False)
    assert f'href="{address("outline", draft)}"' in page
    assert outline.count('<button type="submit" class="button default">Save</button>') == 2
    assert (sent.status_code, stored(draft)) == (403, before)


def test_the_preview_shows_what_is_asked_in_a_field(client, draft, officer):
    document = criteria.changed(version=3, dimensions__0__indicators__2__fields=["WAT"])
    save_draft(draft.pk, document, reason="", actor=officer, revision=0)
    name = "Margin of the indicators over the standard"

    shown = {
        field: name in text(client.get(address("preview", draft), {"field": field}))
        for field in ("WAT", "AIR", "")
    }

    assert shown == {"WAT": True, "AIR": False, "": False}


def test_the_effect_names_the_results_that_would_be_others(client, draft, officer):
    case = build.scored_case()
    document = criteria.changed(version=3, gates__recommended="85")
    save_draft(draft.pk, document, reason="", actor=officer, revision=0)

    answer = client.get(address("effect", draft))

    (one,) = answer.context["effects"]
    assert (one["case"], one["before"], one["after"]) == (case, "80.00", "80.00")
    assert (str(one["verdict_before"]), str(one["verdict_after"])) == (
        "Recommended",
        "For discussion",
    )


def test_the_effect_hides_cases_of_a_house_of_ones_own(client, draft, officer):
    case = build.scored_case()
    build.involve(officer, case)
    document = criteria.changed(version=3, gates__recommended="85")
    save_draft(draft.pk, document, reason="", actor=officer, revision=0)

    answer = client.get(address("effect", draft))

    assert (answer.context["effects"], answer.context["looked_at"]) == ([], 0)


def test_a_draft_that_waits_has_no_page_to_write_on(client, draft, officer):
    document = criteria.changed(version=3, gates__recommended="85")
    save_draft(draft.pk, document, reason="Why.", actor=officer, revision=0)
    perform_draft("propose", draft.pk, actor=officer)

    answers = {
        client.get(address("outline", draft)).status_code,
        client.get(address("indicator", draft, "advanced", "level")).status_code,
    }

    assert answers == {404}


def test_a_second_officer_seals_by_the_button(draft, officer):
    document = criteria.changed(version=3, gates__recommended="85")
    save_draft(draft.pk, document, reason="Why.", actor=officer, revision=0)
    perform_draft("propose", draft.pk, actor=officer)
    second = accounts.signed_in(accounts.second_officer())

    second.post(address("step", draft, "seal"))

    assert CriteriaSet.objects.get(version=3).gates["recommended"] == "85"


@pytest.mark.parametrize("somebody", [accounts.user, accounts.expert_user, accounts.auditor])
def test_nobody_else_has_these_pages(draft, somebody):
    stranger = accounts.signed_in(somebody())

    found = {
        stranger.get(address(name, draft)).status_code
        for name in ("change", "outline", "preview", "effect")
    }

    assert found == {404}


# Changes of an open activity ----------------------------------------------------------------


def test_a_change_is_proposed_on_the_form_and_confirmed_by_another(client):
    case = build.scored_case()
    activity, newer = case.declaration.activity, criteria.next_version(gates__recommended="85")
    form = {"activity": activity.pk, "criteria_set": newer.pk, "reason": "A higher bar."}

    client.post(reverse("admin:evaluation_criteriachange_add"), form)

    change = CriteriaChange.objects.get()
    page = reverse("admin:evaluation_criteriachange_change", args=[change.pk])
    second = accounts.signed_in(accounts.second_officer())
    shown = second.get(page)
    assert [one["case"] for one in shown.context["effects"]] == [case]
    second.post(reverse("admin:evaluation_criteriachange_step", args=[change.pk, "confirm"]))
    assert ActivityCriteria.objects.get(activity=activity).criteria_set == newer


def test_a_refused_change_keeps_what_was_typed(client):
    case = build.scored_case()
    other = criteria.next_version(dimensions__0__indicators__0__not_applicable=True)
    form = {
        "activity": case.declaration.activity_id,
        "criteria_set": other.pk,
        "reason": "Another question.",
    }

    answer = client.post(reverse("admin:evaluation_criteriachange_add"), form)

    assert "asks something else than the one" in text(answer)
    assert "Another question." in text(answer)
    assert not CriteriaChange.objects.exists()


def test_an_activity_in_preparation_is_not_offered(client):
    prepared = submissions.prepared_activity()

    answer = client.get(reverse("admin:evaluation_criteriachange_add"))

    offered = answer.context["adminform"].form.fields["activity"].queryset
    assert prepared not in offered
