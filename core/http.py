"""Shared parts of views: a step asked for over HTTP, and an error shown where it belongs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

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
