"""Takes away what was saved on the way to a declaration that was decided long ago.

What was filed lies in its versions, for good; the texts on the way are personal work that nobody
needs once there is nothing left to write.
"""

import datetime as dt

from django.conf import settings
from django.db.models.functions import Now

from core.pruning import delete_rows
from submissions.models import SavedValue
from submissions.states import Status

OVER = (Status.ACCEPTED, Status.REJECTED, Status.WITHDRAWN)


def prune_saved_texts() -> int:
    """Delete the saved texts of declarations that have been over for so many days."""
    kept = dt.timedelta(days=settings.SAVED_TEXTS_KEEP_DAYS)
    return delete_rows(
        SavedValue.objects.filter(
            declaration__status__in=OVER, declaration__state_since__lt=Now() - kept
        )
    )
