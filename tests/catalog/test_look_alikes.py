"""An applicant's text against the listed technologies: by what is public of them, and no more."""

import pytest

from catalog.models import Technology
from catalog.states import TechnologyStatus
from submissions import fingerprints, look_alikes
from submissions.document import confirmed_texts
from submissions.models import Declaration
from tests.builders import accounts, alike, catalog
from tests.submissions.browsing import address, browser

pytestmark = pytest.mark.django_db

WORDS = alike.english("told")
HAN = alike.chinese("told")


def listed(text=WORDS, **more):
    """Return a technology whose filed version has its fingerprints, as a filing leaves them."""
    technology = catalog.technology(summary=text, **more)
    version = technology.case.version
    Declaration.objects.filter(pk=version.declaration_id).update(version=version)
    fingerprints.keep(version)
    return technology


def told(draft):
    return look_alikes.of_applicant(draft, confirmed_texts(draft))


@pytest.mark.parametrize(("text", "language"), [(WORDS, "en"), (HAN, "zh-hans")])
def test_listed_technology_of_another_is_named_with_its_public_page(text, language):
    technology = listed(text, title="<b>Listed</b>", language=language)
    draft = alike.draft(f"{text} {alike.english('own', words=10)}", language=language)

    (found,) = told(draft)

    assert found.sentence == (
        f"This resembles the listed technology {technology.number} “<b>Listed</b>”: "
        f"{found.share} % of the shorter text."
    )
    assert found.share > 70
    page = browser(accounts.owner_of(draft.organisation)).get(found.url)
    assert technology.number in page.content.decode()
    assert all(part in draft.content["technology"]["summary"] for part in found.passages)


def test_what_the_holder_withheld_gives_no_sign_of_itself():
    """The version holds it, the hashes of the version hold it; the public record does not."""
    technology = listed(alike.english("public"))
    content = technology.case.version.content
    secret = {**content["sections"]["technology"], "innovation": WORDS}
    version = technology.case.version
    version.content = {**content, "sections": {**content["sections"], "technology": secret}}
    version.fingerprints.all().delete()
    fingerprints.keep(version)
    assert "innovation" not in technology.content["texts"]["en"]

    assert told(alike.draft(WORDS)) == ()
    assert told(alike.draft(alike.english("public"))) != ()


@pytest.mark.parametrize("status", sorted(set(TechnologyStatus) - {TechnologyStatus.LISTED}))
def test_technology_that_is_not_listed_is_not_compared(status):
    technology = listed()
    steps = {"suspended": "suspend", "withdrawn": "withdraw", "revoked": "revoke"}
    if status == TechnologyStatus.EXPIRED:
        Technology.objects.filter(pk=technology.pk).update(valid_until="2020-01-01")
        catalog.expire(technology)
    else:
        catalog.take(technology, steps[status])
    technology.refresh_from_db()
    assert technology.status == status

    assert told(alike.draft(WORDS)) == ()


def test_own_listed_technology_is_told_of_as_an_own_declaration_only():
    house = accounts.organisation()
    technology = listed(holder=house)

    (found,) = told(alike.draft(WORDS, organisation=house))

    assert found.url == address("declaration-detail", technology.case.declaration_id)


def test_unlisted_declarations_of_others_are_not_compared():
    alike.filed(WORDS)

    assert told(alike.draft(WORDS)) == ()


def test_one_and_fifty_cost_the_same(django_assert_num_queries):
    listed()
    draft = alike.draft(WORDS)
    with django_assert_num_queries(3):
        assert len(look_alikes.of_applicant(draft, {})) == 1
    holder = Technology.objects.get().holder
    for _n in range(9):
        listed(holder=holder)

    with django_assert_num_queries(3):
        assert len(look_alikes.of_applicant(draft, {})) == 5
