"""What a harvester may ask: verbs and their arguments, dates, and the token to go on with.

A token is the question itself with the number of the last change that was handed out. Nothing
is kept of it, it never runs out, and what changes meanwhile comes later in the same list.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.harvest.oai import errors

Arguments = Mapping[str, Sequence[str]]
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_SET = re.compile(r"[\w\-.!~*'()]+(:[\w\-.!~*'()]+)*", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_PARTS = "~"  # between the parts of a token; in none of them


@dataclass(frozen=True, slots=True)
class Verb:
    """The arguments of a verb; ``token`` stands alone."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    token: bool = False


_SELECTIVE = frozenset({"from", "until", "set"})
VERBS = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=frozenset({"identifier"})),
    "ListSets": Verb(token=True),
    "GetRecord": Verb(required=frozenset({"identifier", "metadataPrefix"})),
    "ListIdentifiers": Verb(frozenset({"metadataPrefix"}), _SELECTIVE, token=True),
    "ListRecords": Verb(frozenset({"metadataPrefix"}), _SELECTIVE, token=True),
}
TOKEN = "resumptionToken"  # noqa: S105 -- the name of an argument


def read(given: Arguments) -> tuple[str, dict[str, str]]:
    """Return the verb and its arguments, each once; raise what the protocol says otherwise."""
    verb = _only_verb(given.get("verb", ()))
    known = VERBS[verb]
    arguments = {name: values for name, values in given.items() if name != "verb"}
    repeated = sorted(name for name, values in arguments.items() if len(values) != 1)
    if repeated:
        raise errors.bad_argument(f"Given more than once: {', '.join(repeated)}.")
    if known.token and TOKEN in arguments:
        if len(arguments) > 1:
            raise errors.bad_argument("resumptionToken stands alone.")
    else:
        _check_names(known, frozenset(arguments))
    return verb, {name: values[0] for name, values in arguments.items()}


def _only_verb(values: Sequence[str]) -> str:
    if len(values) != 1 or values[0] not in VERBS:
        raise errors.ProtocolError("badVerb", f"Ask with one of: {', '.join(VERBS)}.")
    return values[0]


def _check_names(verb: Verb, names: frozenset[str]) -> None:
    if missing := sorted(verb.required - names):
        raise errors.bad_argument(f"Missing: {', '.join(missing)}.")
    if unknown := sorted(names - verb.required - verb.optional):
        raise errors.bad_argument(f"Not an argument of this verb: {', '.join(unknown)}.")


@dataclass(frozen=True, slots=True)
class Question:
    """A list that is asked for: which format, from when until when, of which set, after what."""

    prefix: str
    since: str = ""
    until: str = ""
    set: str = ""
    after: int = 0

    @property
    def token(self) -> str:
        return _PARTS.join((str(self.after), self.prefix, self.since, self.until, self.set))

    def going_on(self, after: int) -> "Question":
        return replace(self, after=after)

    @property
    def first_moment(self) -> dt.datetime | None:
        return _moment(self.since) if self.since else None

    @property
    def end(self) -> dt.datetime | None:
        """Return the first moment that is no longer wanted: ``until`` belongs to the list."""
        if not self.until:
            return None
        try:
            return _moment(self.until) + (SECOND if "T" in self.until else DAY)
        except OverflowError:
            return None


def question(arguments: Mapping[str, str]) -> Question:
    """Return the list that is asked for: by its arguments, or by a token."""
    if TOKEN in arguments:
        return _of_token(arguments[TOKEN])
    return _checked(
        Question(
            prefix=arguments["metadataPrefix"],
            since=arguments.get("from", ""),
            until=arguments.get("until", ""),
            set=arguments.get("set", ""),
        ),
        frozenset(name for name in _SELECTIVE if name in arguments),
    )


def _of_token(text: str) -> Question:
    number, *rest = text.split(_PARTS)
    if not _NUMBER.fullmatch(number) or len(rest) != 4:
        raise errors.bad_token()
    prefix, since, until, chosen = rest
    try:
        return _checked(Question(prefix, since, until, chosen, int(number)), frozenset())
    except errors.ProtocolError as error:
        raise errors.bad_token() from error


def _checked(asked: Question, named: frozenset[str]) -> Question:
    """Refuse dates and sets that cannot be read; ``named`` may not be empty."""
    for name, text in (("from", asked.since), ("until", asked.until)):
        if text or name in named:
            _moment(text)
    if asked.since and asked.until:
        if len(asked.since) != len(asked.until):
            raise errors.bad_argument("from and until differ in granularity.")
        if asked.since > asked.until:
            raise errors.bad_argument("from is later than until.")
    if (asked.set or "set" in named) and not _SET.fullmatch(asked.set):
        raise errors.bad_argument("This cannot be the name of a set.")
    return asked


def _moment(text: str) -> dt.datetime:
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        return dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise errors.bad_argument(
            "A date is written 2026-03-02 or 2026-03-02T08:00:00Z."
        ) from error
