"""What is printed of a version that was filed, and of a draft."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from accounts.models import Organisation
from submissions import profiles
from submissions.choices import Choices
from submissions.document import document_of
from submissions.filed import read_version, title_of, translations_read
from submissions.models import Declaration, DeclarationVersion
from submissions.printing.paper import Line, Paper, Part, part_of
from submissions.reading import Reader


def paper_of_version(filed: DeclarationVersion, received: str) -> Paper:
    """Lay out a version as it was filed; ``received``: when, as the receipt says it."""
    declaration = filed.declaration
    read = read_version(filed)
    facts = [
        Line(_("Number"), declaration.number or ""),
        Line(_("Version"), str(filed.number)),
        Line(_("Received"), received),
        *_common(declaration),
        Line("SHA-256", breakable(filed.content_hash)),
    ]
    parts = [_part(one) for one in read["sections"]]
    parts += [_translation(one) for one in read["translations"]]
    banner = _("Demonstration: not a declaration to FECO.") if settings.DEMO else ""
    footer = f"{declaration.number} · v{filed.number} · SHA-256 {filed.content_hash}"
    return _paper(title_of(filed), filed.content["language"], facts, parts, banner, footer)


def paper_of_draft(declaration: Declaration) -> Paper:
    """Lay out the working copy, marked as a draft on each page."""
    attachments = list(declaration.attachments.filter(removed_at=None))
    document = document_of(declaration, attachments)
    choices = Choices(declaration.activity, declaration)
    scheme = declaration.activity.scheme.load()
    reader = Reader(scheme, choices, declaration.language)
    profile = document["organisation"].get("profile", {})
    sections = [
        *profiles.read(profile, choices, declaration.language),
        *reader.sections(document["sections"], document["attachments"]),
    ]
    parts = [_part(one) for one in sections]
    parts += [_translation(one) for one in translations_read(document["translations"], scheme)]
    banner = _("Draft: not submitted.")
    return _paper(
        str(declaration), declaration.language, _common(declaration), parts, banner, banner
    )


def _paper(
    title: str, title_lang: str, facts: list[Line], parts: list[Part], banner: str, footer: str
) -> Paper:
    return Paper(
        language=get_language() or "en",
        rtl=get_language_bidi(),
        banner=banner,
        kicker=_("Technology declaration – Technology Pool of the Green Belt and Road"),
        title=title,
        title_lang=title_lang,
        facts=facts,
        parts=[one for one in parts if one.lines or one.grids or one.blocks or one.files],
        seal_heading=_("Seal and signature"),
        seal_lines=[
            _("Organisation (seal)"),
            _("Legal representative or authorised person (signature)"),
            _("Date"),
            _("Place"),
        ],
        footer=footer,
        page_word=_("Page"),
    )


def _common(declaration: Declaration) -> list[Line]:
    organisation: Organisation = declaration.organisation
    return [
        Line(_("Organisation"), organisation.name),
        Line(_("Activity"), declaration.activity.title),
        Line(_("Language of the text"), declaration.get_language_display()),
    ]


def _part(section: Any) -> Part:
    return part_of(section, _("{table}, row {row}"), _("File"))


def _translation(one: dict[str, Any]) -> Part:
    name = dict(settings.LANGUAGES).get(one["language"], one["language"])
    lines = [
        Line(str(fact["label"]), str(fact["value"]), str(fact["lang"])) for fact in one["facts"]
    ]
    heading = _("Translation, confirmed by the applicant: %(language)s") % {"language": name}
    return Part(heading, lines, [], [], [])


def breakable(digest: str) -> str:
    """Let a long hash break at the end of a line, in groups of eight."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
