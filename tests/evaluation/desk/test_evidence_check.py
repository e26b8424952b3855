"""A page that a file does not have is told of where it was typed, before it is evidence."""

from typing import Any

import pytest
from django.urls import reverse

from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders.desk import address, comment, filled, first
from tests.reading import text, texts

pytestmark = pytest.mark.django_db
NO_SUCH_PAGE = "“Test report” has 12 pages: it has no page 13."


@pytest.fixture
def filed() -> Any:
    return build.sheet_with_file()


@pytest.fixture
def client(filed: Any) -> Any:
    return accounts.signed_in(filed[0].assignment.expert.user)


@pytest.mark.parametrize(
    ("chosen", "refused"),
    [
        ({"page": "13"}, {"page": NO_SUCH_PAGE}),
        ({"page": "12"}, {}),
        ({"page": ""}, {}),
        ({"page": "x"}, {"page": "Enter a whole number."}),
        ({"page": "0"}, {"page": "Ensure this value is greater than or equal to 1."}),
        ({"page": "", "part": "0,33,100,34"}, {"page": "Say which page."}),
        (
            {"place": "technology.nothing"},
            {"place": "The declaration has no such place: “technology.nothing”."},
        ),
        ({"place": "technology"}, {}),
    ],
)
def test_a_choice_is_looked_at_before_it_is_taken(client, filed, chosen, refused):
    sheet, file = filed

    asked = {"place": f"file:{file.pk}", "page": "", "part": ""} | chosen
    answer = client.get(address("scoring-evidence", sheet), asked)

    assert answer.json() == {"refused": refused}
    assert "no-store" in answer["Cache-Control"]
    assert not sheet.scores.exists()


def test_nobody_else_asks_about_the_files_of_a_declaration(filed):
    sheet, file = filed
    asked = {"place": f"file:{file.pk}", "page": "13", "part": ""}
    people = {"officer": accounts.officer(), "expert": build.expert().user, "user": accounts.user()}

    answers = {
        name: accounts.signed_in(person).get(address("scoring-evidence", sheet), asked)
        for name, person in people.items()
    }

    found = {name: answer.status_code for name, answer in answers.items()}
    assert found == {"officer": 404, "expert": 404, "user": 404}


def test_without_a_script_it_comes_back_at_its_field_with_all_that_was_typed(client, filed):
    sheet, file = filed
    choice = {"action": f"add:{first()}", "place": f"file:{file.pk}", "page": "13", "part": ""}

    page = client.post(
        address("scoring-desk", sheet), filled(sheet, **{comment(first()): "Typed."}) | choice
    )

    assert page.context["citing"] == first()
    assert page.context["picker"].errors == {"page": [NO_SUCH_PAGE]}
    assert f'<option value="file:{file.pk}" selected>' in text(page)
    assert 'class="form-control picker-page"' in text(page)
    assert 'autocomplete="off" value="13"' in text(page)
    assert "Typed." in text(page)
    assert reverse("submissions:attachment-preview", args=[file.pk, 13]) not in text(page)
    assert not sheet.scores.exists()


def test_what_is_pressed_to_cite_a_section_stands_behind_its_heading(client, filed):
    sheet, _file = filed

    page = client.get(address("scoring-desk", sheet))

    (heading,) = [one for one in texts(page, "h2") if one == "Technology"]
    behind = f'<div class="panel-head"> <h2>{heading}</h2> <span id="at-technology"></span> </div>'
    assert behind in " ".join(text(page).split())
