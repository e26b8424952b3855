"""What the enterprise's pages begin with: the declaration, if it is one's own."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from core import rights
from submissions.models import Declaration, DeclarationVersion


def person(request: HttpRequest) -> User:
    return cast(User, request.user)  # the gate lets nobody else come here


def own(request: HttpRequest, declaration_id: UUID, **read_with_it: Any) -> Declaration:
    """Return a declaration of one's organisation, or answer that there is none."""
    mine = Declaration.objects.own(person(request)).annotate(**read_with_it)
    return get_object_or_404(
        mine.select_related("activity__scheme", "activity__rule_set", "organisation", "version"),
        pk=declaration_id,
    )


def own_version(request: HttpRequest, declaration_id: UUID, number: int) -> DeclarationVersion:
    declaration = own(request, declaration_id)
    version = get_object_or_404(DeclarationVersion, declaration_id=declaration.pk, number=number)
    version.declaration = declaration
    return version


def may_translate(request: HttpRequest, declaration: Declaration) -> bool:
    return rights.can(person(request), "translate", declaration)


def may_edit(request: HttpRequest, declaration: Declaration) -> bool:
    return rights.can(person(request), "edit", declaration)
