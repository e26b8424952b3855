"""What is read of an entry in publicity: what its record would say, by the same allow-list.

It stands as it was when the publicity began: what was examined is what could be objected to.
"""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from catalog import detail_page, publishing
from catalog.models import Technology
from catalog.version import version_now
from catalog.vocabulary import names_at
from evaluation.models import Case


def drawn(case: Case) -> SafeString:
    """Draw the content of a case as the catalogue would show it; nothing is stored."""
    now = timezone.now()
    one = Technology(case=case, listed_at=now, valid_until=timezone.localdate(now))
    publishing.fill(one, case.publicity_began_at)
    names = names_at(version_now().edition)
    return render_to_string("catalog/_entry.html", detail_page.body_of(one, names))
