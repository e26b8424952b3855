"""A declaration on paper: complete, in the reader's language, and never markup of somebody's."""

import io
import zipfile

import docx
import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.roles import Level
from submissions.states import Status
from tests.builders import accounts, alike
from tests.builders import submissions as build
from tests.submissions.browsing import browser, owner_client

pytestmark = pytest.mark.django_db

HOSTILE = '#read("/etc/passwd") $x$ *bold* ]#panic("out") <w:p> & \\ @cite'
ARABIC = "معالجة مياه الصرف"
CHINESE = "膜生物反应器处理垃圾渗滤液，去除率98.5%。"


def filed(**technology):
    document = build.content()
    document["technology"] |= technology
    draft = build.draft(document=document)
    build.take(draft, "submit", accounts.owner_of(draft.organisation))
    draft.refresh_from_db()
    return draft


def get(client, declaration, kind, language="en"):
    url = f"/{language}/declarations/{declaration.pk}/versions/1/declaration.{kind}"
    return client.get(url)


def words(answer):
    reader = PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def written(answer):
    document = docx.Document(io.BytesIO(answer.content))
    texts = [one.text for one in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


class TestPdf:
    def test_says_what_was_filed_and_by_which_hash(self):
        declaration = filed()

        answer = get(owner_client(declaration), declaration, "pdf")
        said = words(answer)

        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == (
            f'attachment; filename="{declaration.number}-v1-en.pdf"'
        )
        assert declaration.number in said
        assert "Membrane bioreactor for landfill leachate" in said
        assert "COD removal" in said
        assert "98.50" in said
        assert declaration.version.content_hash[:32] in said.replace(" ", "")
        assert "Seal and signature" in said

    def test_labels_are_in_the_language_of_the_address(self):
        declaration = filed()

        chinese = words(get(owner_client(declaration), declaration, "pdf", "zh-hans"))

        assert "技术名称" in chinese
        assert "Membrane bioreactor for landfill leachate" in chinese

    def test_every_script_has_its_letters_without_fonts_of_the_machine(self):
        declaration = filed(summary=f"{CHINESE} {ARABIC} Очистка воды, µg/m³, H₂S ≤ 0.1")

        pdf = PdfReader(io.BytesIO(get(owner_client(declaration), declaration, "pdf").content))
        fonts = {
            str(font.get_object()["/BaseFont"]).partition("+")[2]
            for page in pdf.pages
            for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # pypdf types every object alike
        }

        # Only ours: nothing was taken from the machine, so another machine prints the same.
        assert fonts <= {
            "NotoSans", "NotoSans-Regular", "NotoSans-Bold",
            "NotoSansCJKsc-Regular", "NotoSansCJKsc-Regular-Identity-H",
            "NotoNaskhArabic", "NotoNaskhArabic-Regular",
        }  # fmt: skip
        assert any("CJK" in font for font in fonts)
        assert any("Naskh" in font for font in fonts)

    def test_what_a_person_typed_is_text_and_nothing_else(self):
        declaration = filed(title=HOSTILE)

        said = words(get(owner_client(declaration), declaration, "pdf"))

        assert '#read("/etc/passwd")' in said
        assert "root:" not in said

    def test_draft_says_so_on_each_page(self):
        draft = build.draft()
        url = f"/en/declarations/{draft.pk}/draft.pdf"

        pdf = PdfReader(io.BytesIO(owner_client(draft).get(url).content))

        assert all("Draft: not submitted." in page.extract_text() for page in pdf.pages)

    def test_draft_shows_the_translations_that_would_be_filed(self):
        draft = alike.draft("Treats leachate.", translations={"zh-hans": CHINESE})
        url = f"/en/declarations/{draft.pk}/draft.docx"

        said = written(owner_client(draft).get(url))

        assert "Translation, confirmed by the applicant: 简体中文" in said
        assert CHINESE in said


class TestWord:
    def test_says_the_same(self):
        declaration = filed(title=HOSTILE, summary=CHINESE)

        said = written(get(owner_client(declaration), declaration, "docx", "zh-hans"))

        assert HOSTILE in said
        assert CHINESE in said
        assert declaration.version.content_hash in said.replace(" ", "")
        assert "98.50" in said

    def test_characters_that_xml_cannot_hold_are_left_out(self):
        declaration = filed(title="Bio\uffffreactor\ufffe")

        answer = get(owner_client(declaration), declaration, "docx")

        assert "Bioreactor" in written(answer)

    def test_carries_nothing_but_the_text(self):
        declaration = filed()

        answer = get(owner_client(declaration), declaration, "docx")
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()

        assert "word/document.xml" in names
        assert not [name for name in names if "vba" in name.lower() or "embed" in name.lower()]


class TestWhoMustNot:
    @pytest.mark.parametrize("kind", ["pdf", "docx"])
    @pytest.mark.parametrize("who", [accounts.user, accounts.officer, accounts.expert_user])
    def test_declaration_of_others_is_not_there(self, who, kind):
        declaration = filed()
        client = browser(who())

        assert get(client, declaration, kind).status_code == 404
        assert client.get(f"/en/declarations/{declaration.pk}/draft.{kind}").status_code == 404

    def test_visitor_is_asked_to_sign_in(self):
        declaration = filed()

        assert "login" in get(Client(), declaration, "pdf").url

    def test_viewer_may_print(self):
        declaration = filed()
        client = browser(accounts.member(Level.VIEW, declaration.organisation))

        assert "COD removal" in words(get(client, declaration, "pdf"))

    def test_version_and_kind_nobody_made(self):
        declaration = filed()
        client = owner_client(declaration)

        assert get(client, declaration, "exe").status_code == 404
        base = f"/en/declarations/{declaration.pk}/versions/2/declaration.pdf"
        assert client.get(base).status_code == 404


def test_status_of_the_builder_is_what_it_says():
    assert filed().status == Status.SUBMITTED
