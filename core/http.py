"""Shared parts of views: a step asked for over HTTP, and an error shown where it belongs."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from core.errors import DomainError


def attempt(request: HttpRequest, form: forms.BaseForm | None, change: Callable[[], Any]) -> bool:
    """Make a change; on a refusal put its sentence at the field, or on the page.

    Returns whether the change was made.
    """
    try:
        change()
    except DomainError as error:
        if form is None:
            messages.error(request, str(error))
        else:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


_QUOTED = re.compile(r'"[^"]*"')  # may hold the signs that part the header


def preferred_type(request: HttpRequest, kinds: Sequence[str]) -> str | None:
    """Return which of these types the asker likes best; None: none of them.

    Types are compared without parameters (a charset, a profile): there is one answer of each.
    """
    bare = HttpRequest()
    given = _QUOTED.sub("", request.headers.get("Accept", "*/*"))
    bare.META["HTTP_ACCEPT"] = ",".join(_without_parameters(one) for one in given.split(","))
    try:
        return bare.get_preferred_type(kinds)
    except ValueError:  # nobody can read it: nothing is preferred
        return kinds[0]


def _without_parameters(accepted: str) -> str:
    kind, *parameters = accepted.split(";")
    weights = (one for one in parameters if one.strip().lower().startswith("q="))
    return ";".join([kind, *weights])


def send_again(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """Answer a form that could not be taken with a page that holds all it carried.

    The page sends it once more, by a press of its reader. Passwords are not handed back, and
    files cannot be.
    """
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    context = {"carried": carried, "address": request.get_full_path(), "files": request.FILES}
    response = render(request, template, context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


def from_here(request: HttpRequest) -> bool:
    """Say whether the browser itself vouches that a page of this portal sent the form."""
    return request.headers.get("Sec-Fetch-Site", "") == "same-origin"
