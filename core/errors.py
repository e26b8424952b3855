"""What a person is told when a change cannot be made."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A change was refused; the message is for the person who tried it.

    ``field`` names the input the message belongs to, so that a form can show it there.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class TransitionError(DomainError):
    """The step does not exist in the present state: somebody was quicker, or a page is old."""
