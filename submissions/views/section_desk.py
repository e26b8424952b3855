"""What the page of one section works with."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from submissions.choices import Choices
from submissions.findings import days_of
from submissions.forms import UploadForm
from submissions.models import Attachment, Declaration
from submissions.reading import Reader
from submissions.scheme import Scheme
from submissions.scheme.contradictions import Contradiction, contradictions
from submissions.scheme.differences import marks
from submissions.scheme.sections import Section
from submissions.section_forms import SectionInput, retyped, shown
from submissions.views.declarations import contents, remarks


@dataclass(slots=True)
class Desk:
    """One section of one declaration, before one person."""

    request: HttpRequest
    declaration: Declaration
    scheme: Scheme
    section: Section
    choices: Choices
    begun: str = ""  # what the page that was sent was begun from, as ``marks`` wrote it

    def page(self, entry: SectionInput, *, status: int = 200, **more: Any) -> HttpResponse:
        attachments = Attachment.objects.standing().filter(declaration=self.declaration)
        context = {
            **self.head(),
            "entry": entry,
            "errors": list(entry.errors()),
            "upload": UploadForm(section=self.section) if self.section.attachments else None,
            "attachments": attachments.filter(kind__in=self.section.attachments),
            "contents": contents(self.declaration, self.scheme),
            "remarks": remarks(self.declaration, self.scheme, self.section.key),
            "editable": True,
            **more,
        }
        return render(self.request, "submissions/declaration_section.html", context, status=status)

    def head(self) -> dict[str, Any]:
        """Return what each page about the section begins with."""
        keys = [section.key for section in self.scheme.sections]
        return {
            "declaration": self.declaration,
            "section": self.section,
            "number": keys.index(self.section.key) + 1,
            "of": len(keys),
            "revision": self.declaration.revision,
            "begun": self.begun or marks(self.section, self.stored()),
        }

    def stored(self) -> dict[str, Any]:
        values: dict[str, Any] = self.declaration.content.get(self.section.key, {})
        return values

    def contradictions(self) -> list[Contradiction]:
        """List what cannot be in what is stored."""
        days = days_of(self.declaration.activity, timezone.now())
        return list(contradictions(self.section, self.stored(), days))

    def as_stored(self) -> SectionInput:
        """Return the page as it is stored, each contradiction at its field."""
        entry = shown(self.section, self.choices, self.stored())
        entry.remark(self.contradictions())
        return entry

    def as_typed(self) -> SectionInput:
        return retyped(self.section, self.choices, self.request.POST)

    def refresh(self) -> None:
        """Read the declaration again, after somebody else saved it."""
        fields = ["content", "revision", "section_revisions", "status"]
        self.declaration.refresh_from_db(fields=fields)

    def reader(self) -> Reader:
        return Reader(self.scheme, self.choices, self.declaration.language)


def desk_of(request: HttpRequest, declaration: Declaration, key: str) -> Desk:
    scheme = declaration.activity.scheme.load()
    try:
        section = scheme.section(key)
    except KeyError:
        raise Http404 from None
    return Desk(request, declaration, scheme, section, Choices(declaration.activity))
