"""What the page of one section works with."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from submissions.checks.remarks import Level, Remark
from submissions.choices import Choices
from submissions.findings import by_rules, days_of
from submissions.forms import PasteForm, UploadForm
from submissions.models import Attachment, Declaration
from submissions.reading import Reader
from submissions.scheme import Scheme
from submissions.scheme.contradictions import Contradiction, contradictions
from submissions.scheme.differences import marks
from submissions.scheme.sections import Section
from submissions.section_forms import SectionInput, anchor, retyped, shown
from submissions.unlocking import Unlocked, unlocked_of
from submissions.views.access import person
from submissions.views.declarations import contents, remarks
from submissions.writing import set_aside


@dataclass
class Desk:
    """One section of one declaration, before one person."""

    request: HttpRequest
    declaration: Declaration
    scheme: Scheme
    section: Section
    choices: Choices
    begun: str = ""  # what the page that was sent was begun from, as ``marks`` wrote it
    copy: str = ""  # what the browser calls its copy of the page that was sent

    def page(
        self,
        entry: SectionInput,
        *,
        status: int = 200,
        refused: dict[str, str] | None = None,
        pasted: bool = False,
        **more: Any,
    ) -> HttpResponse:
        """Show the page; ``refused``: why a table took no row, ``pasted`` when by pasting."""
        attachments = Attachment.objects.standing().filter(declaration=self.declaration)
        entry.close([key for key in self._keys if not self.is_open(key)], self.stored())
        context = {
            **self.head(),
            "entry": entry,
            "tables": [self._table(rows, refused or {}, pasted=pasted) for rows in entry.tables],
            "errors": list(entry.errors()),
            "upload": self.upload_form(),
            "attachments": [
                (one, self.unlocked.lets_go(one))
                for one in attachments.filter(kind__in=self.section.attachments)
            ],
            "contents": contents(self.declaration, self.scheme),
            "remarks": remarks(self.declaration, self.scheme, self.section.key),
            **self._waiting(),
            "hints": self._hints(),
            "partly": not self.unlocked.everything,
            "editable": True,
            "copy": self.copy,
            "unsaved": self._unsaved,
            **more,
        }
        return render(self.request, "submissions/declaration_section.html", context, status=status)

    def _table(self, rows: Any, refused: dict[str, str], *, pasted: bool) -> dict[str, Any]:
        key = rows.table.key
        data = self.request.POST if pasted and key in refused else None
        return {
            "rows": rows,
            "open": self.is_open(key),
            "refused": refused.get(key, ""),
            "paste": PasteForm.of(key, data),
        }

    def upload_form(self, *data: Any) -> UploadForm | None:
        """Return what adds a file; nothing where the section takes none now."""
        kinds = [kind for kind in self.section.attachments if self.unlocked.takes(kind)]
        return UploadForm(*data, kinds=kinds) if kinds else None

    @property
    def _keys(self) -> list[str]:
        return [one.key for one in self.section.members]

    @cached_property
    def unlocked(self) -> Unlocked:
        return unlocked_of(self.declaration, self.choices, lambda: self.said)

    @cached_property
    def said(self) -> list[Remark]:
        """What the rules say of what is stored."""
        return by_rules(self.declaration, timezone.now(), self.choices)

    def has_saved(self, declaration: Declaration) -> None:
        """Go on with the declaration as it was saved just now."""
        self.declaration = declaration
        for known in ("said", "unlocked"):
            vars(self).pop(known, None)

    @property
    def _unsaved(self) -> str:
        """Name what may stand on the page and nowhere else: it shows again what was sent."""
        sent = self._keys if self.request.method == "POST" else ()
        return " ".join(key for key in sent if self.is_open(key))

    def is_open(self, key: str) -> bool:
        """Say whether a field or table of the section may be changed now."""
        return self.unlocked.member(self.section.key, key)

    def head(self) -> dict[str, Any]:
        """Return what each page about the section begins with."""
        keys = [section.key for section in self.scheme.sections]
        return {
            "declaration": self.declaration,
            "section": self.section,
            "number": keys.index(self.section.key) + 1,
            "of": len(keys),
            "begun": self.begun or marks(self.section, self.stored()),
        }

    def _waiting(self) -> dict[str, Any]:
        """Say of the person's texts set aside which wait for a choice, and which are closed."""
        texts = set_aside(self.declaration, self.section.key, person(self.request))
        labels = {one.key: one.label for one in self.section.members}
        closed = {one.member for one in texts if not self.is_open(one.member)}
        return {
            "waiting": [one for one in texts if one.member not in closed],
            "shut": [label for key, label in labels.items() if key in closed],
        }

    def _hints(self) -> list[dict[str, str]]:
        """List what the rules would have looked at in what is stored of this section."""
        return [
            {"url": f"#{anchor(one.section, one.field)}", "message": one.message}
            for one in self.said
            if one.section == self.section.key and one.level is Level.WARNING
        ]

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

    def reader(self) -> Reader:
        return Reader(self.scheme, self.choices, self.declaration.language)


def desk_of(request: HttpRequest, declaration: Declaration, key: str) -> Desk:
    scheme = declaration.activity.scheme.load()
    try:
        section = scheme.section(key)
    except KeyError:
        raise Http404 from None
    return Desk(request, declaration, scheme, section, Choices(declaration.activity, declaration))
