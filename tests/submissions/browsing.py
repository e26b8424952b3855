"""What the tests of the enterprise's pages share: addresses, and what a browser would send."""

from typing import Any

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from submissions.choices import Choices
from submissions.models import Declaration
from submissions.scheme.differences import marks
from submissions.section_forms import SectionInput, shown
from tests.builders import accounts


def address(name: str, *args: Any) -> str:
    return reverse(f"submissions:{name}", args=args)


def owner_client(declaration: Declaration) -> Any:  # a Client; mypy knows no response.context
    return accounts.signed_in(accounts.owner_of(declaration.organisation))


def browser(person: User) -> Any:
    """Return a Client in which ``person`` is signed in."""
    return accounts.signed_in(person)


def sent(entry: SectionInput) -> QueryDict:
    """Return what a browser would send back of an unchanged page."""
    data = QueryDict(mutable=True)
    for form in (entry.form, *(row for table in entry.tables for row in table.forms)):
        for bound in form:
            value = bound.value()
            if value in (None, "", False):
                continue
            values = value if isinstance(value, list) else ["on" if value is True else value]
            data.setlist(bound.html_name, [str(one) for one in values])
    for table in entry.tables:
        data[f"{table.prefix}-TOTAL_FORMS"] = str(len(table.forms))
        data[f"{table.prefix}-INITIAL_FORMS"] = "0"
    return data


def section_data(declaration: Declaration, key: str, **more: str) -> dict[str, Any]:
    """Return what a browser would send of the section's page as it is stored, by name."""
    section = declaration.activity.scheme.load().section(key)
    page = shown(section, Choices(declaration.activity), declaration.content.get(key, {}))
    data = sent(page)
    data["begun"] = marks(section, declaration.content.get(key, {}))
    data["action"] = "stay"
    for name, value in more.items():
        data[name.replace("__", "-")] = value
    return dict(data.lists())


def queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
