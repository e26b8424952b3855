"""How a record is cited: as a sentence, as BibTeX, as RIS."""

import pytest
from django.test import Client

from catalog import versions
from catalog.citing import Citation
from tests.builders import catalog
from tests.catalog.addresses import address
from tests.reading import text

pytestmark = pytest.mark.django_db


def cited(**given) -> Citation:
    technology = catalog.technology(**given)
    page = Client().get(address("technology-detail", technology.pk))
    found = page.context["cited"]
    assert isinstance(found, Citation)
    return found


def test_the_sentence_names_holder_title_number_version_day_and_address(settings):
    settings.PORTAL_ORIGIN = "https://pool.example"
    technology = catalog.technology(title="Membrane bioreactor")
    day = versions.page(technology).rows[0].at.strftime("%Y")

    said = text(Client().get(address("technology-detail", technology.pk)))

    assert f"{technology.holder.name_en}: Membrane bioreactor. Technology Pool of the Green" in said
    assert f"{technology.number}, version 1 of " in said
    assert f"{day}. https://pool.example/en/catalogue/{technology.pk}/" in said


def test_bibtex_escapes_what_it_reads_as_its_own():
    found = cited(title=r"100% {pure} & cheap_water #1 \o ~ ^")

    assert (
        r"  title = {{100\% \{pure\} \& cheap\_water \#1 \textbackslash{}o"
        r" \textasciitilde{} \textasciicircum{}}}," in found.bibtex()
    )
    assert found.bibtex().startswith(f"@misc{{{found.number}-v1,\n")
    assert found.bibtex().endswith("}\n")


def test_ris_has_one_line_for_each_of_its_tags():
    lines = cited(title="Two\nlines").ris().split("\r\n")

    assert lines[0] == "TY  - GEN"
    assert "TI  - Two lines" in lines
    assert "PB  - FECO, CAEPI" in lines
    assert "ET  - 1" in lines
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " for line in lines[:-1])


def test_the_note_says_that_a_listing_is_no_certification():
    assert "N1  - Listing in the pool is not a certification. This is a demo" in cited().ris()


@pytest.mark.parametrize(
    ("name", "kind", "begins"),
    [("technology-bib", "bib", "@misc{"), ("technology-ris", "ris", "TY")],
)
def test_the_files_are_handed_to_anybody(name, kind, begins):
    technology = catalog.technology()

    answer = Client().get(address(name, technology.pk))

    assert answer.status_code == 200
    assert answer.content.decode().startswith(begins)
    expected = f'attachment; filename="{technology.number}-v1.{kind}"'
    assert answer["Content-Disposition"] == expected
    assert not answer.cookies


@pytest.mark.parametrize("name", ["technology-bib", "technology-ris"])
@pytest.mark.parametrize(("step", "status"), [("suspend", 200), ("revoke", 410)])
def test_what_is_not_listed_is_not_cited(name, step, status):
    technology = catalog.technology(summary="Treats leachate.")
    catalog.take(technology, step)

    answer = Client().get(address(name, technology.pk))

    assert answer.status_code == status
    assert "Content-Disposition" not in answer
    assert "@misc" not in text(answer)
