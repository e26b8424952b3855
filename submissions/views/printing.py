"""A declaration on paper: PDF and Word, in the language of the address."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from submissions.printing.docx_file import MEDIA_TYPE, docx_of
from submissions.printing.filed import paper_of_draft, paper_of_version
from submissions.printing.paper import Paper
from submissions.printing.pdf import pdf_of
from submissions.views.access import own, own_version
from submissions.views.activities import moment

MAKERS = {"pdf": (pdf_of, "application/pdf"), "docx": (docx_of, MEDIA_TYPE)}


@require_safe
@cache_control(private=True, no_store=True)
def version(request: HttpRequest, declaration_id: UUID, number: int, kind: str) -> HttpResponse:
    filed = own_version(request, declaration_id, number)
    paper = paper_of_version(filed, moment(filed.submitted_at, seconds=True))
    return _answer(paper, kind, f"{filed.declaration.number}-v{filed.number}")


@require_safe
@cache_control(private=True, no_store=True)
def draft(request: HttpRequest, declaration_id: UUID, kind: str) -> HttpResponse:
    declaration = own(request, declaration_id)
    return _answer(paper_of_draft(declaration), kind, slugify(str(declaration))[:60] or "draft")


def _answer(paper: Paper, kind: str, name: str) -> HttpResponse:
    make, media_type = MAKERS[kind]
    response = HttpResponse(make(paper), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-{get_language()}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
