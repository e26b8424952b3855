"""What an officer reads about rejections: why, by whom, how it was contested, what was answered."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.forms import StepForm
from core.moments import written
from reference.names import in_language
from reference.vocabularies import Vocabulary
from submissions.models import Declaration, Rejection
from submissions.notifications import codes_of
from submissions.states import Status

Fact = tuple[str, str]


def rejections_of(declaration: Declaration) -> list[list[Fact]]:
    """List the facts of each rejection of a declaration, the latest first."""
    people = ("rejected_by", "contested_by", "answered_by", "version")
    rows = Rejection.objects.filter(declaration=declaration).select_related(*people)
    found = list(rows.defer("version__content").order_by("-pk"))
    names = codes_of(Vocabulary.REJECTION_REASON) if found else {}
    return [list(_facts(one, names)) for one in found]


def _facts(one: Rejection, names: dict[str, dict[str, str]]) -> Iterator[Fact]:
    yield _("Version"), str(one.version.number)
    if one.code:
        yield _("Reason code"), in_language(names[one.code]) if one.code in names else one.code
    yield _("Reason for the rejection"), one.reason
    yield _("Rejected by"), f"{one.rejected_by}, {written(one.rejected_at)}"
    if one.contested_at is None:
        return
    yield _("Why it is contested"), one.statement
    yield _("Contested by"), f"{one.contested_by}, {written(one.contested_at)}"
    if one.answered_at is None:
        return
    yield (
        _("Outcome of the contest"),
        _("rejection upheld") if one.upheld else _("rejection lifted"),
    )
    yield _("Answer"), one.answer
    yield _("Answered by"), f"{one.answered_by}, {written(one.answered_at)}"


def rejected_for(declaration: Declaration) -> list[dict[str, str]]:
    """Tell the applicant why the version in force was rejected: code and reason."""
    if declaration.status not in (Status.REJECTED, Status.CONTESTED):
        return []
    one = Rejection.objects.filter(version=declaration.version_id).latest("pk")
    names = codes_of(Vocabulary.REJECTION_REASON)
    code = in_language(names[one.code]) if one.code in names else one.code
    facts = ((_("Reason code"), code), (_("Reason for the rejection"), one.reason))
    return [{"label": label, "value": value} for label, value in facts if value]


class HearForm(StepForm):
    """The answer to a contested rejection; the page tells what is contested, and why."""

    @property
    def facts(self) -> list[Fact]:
        return next(iter(rejections_of(self.obj)), [])
