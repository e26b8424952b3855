"""What went wrong, as a document for programs (RFC 9457). Pure: no HTTP library."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Wrong(NamedTuple):
    """One wrong parameter: its name in the address, and why it was not understood."""

    place: str
    message: str


class Kind(NamedTuple):
    """A kind of problem: the code in its address, its status, and what it is called."""

    code: str
    status: HTTPStatus
    title: str | Promise
    meaning: str | Promise


def _by_code(*kinds: Kind) -> dict[str, Kind]:
    return {kind.code: kind for kind in kinds}


KINDS = _by_code(
    Kind(
        "bad-request",
        HTTPStatus.BAD_REQUEST,
        _("The request cannot be read"),
        _("Its host name is none of this portal’s, or there is too much in it."),
    ),
    Kind(
        "unknown-token",
        HTTPStatus.UNAUTHORIZED,
        _("The token is not valid"),
        _("It is unknown, has expired or was revoked. Without a token the request is anonymous."),
    ),
    Kind(
        "scope-missing",
        HTTPStatus.FORBIDDEN,
        _("The token does not allow this"),
        _("The request needs a scope the token does not have, or a token."),
    ),
    Kind(
        "not-found",
        HTTPStatus.NOT_FOUND,
        _("There is nothing at this address"),
        _("The path is unknown, or what it names is not public."),
    ),
    Kind(
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("This is for reading only"),
        _("GET, HEAD and OPTIONS are answered."),
    ),
    Kind(
        "not-acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        _("There is no such representation"),
        _("Answers are written as application/json; the header Accept does not allow that."),
    ),
    Kind(
        "gone",
        HTTPStatus.GONE,
        _("The technology left the pool"),
        _("It was withdrawn or revoked. What remains of its record is in “record”."),
    ),
    Kind(
        "changed",
        HTTPStatus.PRECONDITION_FAILED,
        _("It is not what you have"),
        _("A condition of the request (If-Match, If-Unmodified-Since) does not hold."),
    ),
    Kind(
        "invalid-parameter",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("A parameter cannot be understood"),
        _("“errors” says which, and why. Nothing is left out silently."),
    ),
    Kind(
        "too-many-requests",
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many requests"),
        _("The header Retry-After says in how many seconds to go on."),
    ),
    Kind(
        "internal-error",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("The portal failed"),
        _("The header X-Request-Id is the number under which its log tells why."),
    ),
    Kind(
        "unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("The portal cannot answer now"),
        _("Its database does not answer. Ask again in some seconds."),
    ),
)


class Problem(Exception):  # noqa: N818 -- the word of RFC 9457
    """A request is answered with a problem of this kind.

    ``more`` are further members of the document, ``headers`` further headers of the answer.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Iterable[Wrong] = (),
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code, detail)
        self.kind = KINDS[code]
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}
        self.more = more

    def document(self, *, types: str, instance: str) -> dict[str, Any]:
        """Return the document; ``types`` is the address below which kinds are explained."""
        told: dict[str, Any] = {
            "type": f"{types}#{self.kind.code}",
            "title": str(self.kind.title),
            "status": int(self.kind.status),
            "detail": self.detail or str(self.kind.meaning),
            "instance": instance,
        }
        if self.errors:
            told["errors"] = [one._asdict() for one in self.errors]
        return told | self.more


def invalid(place: str, message: str) -> Problem:
    return Problem("invalid-parameter", errors=[Wrong(place, message)])
