"""Who asks: a program with a token, or an address. No HTTP: headers and addresses come as text."""

import ipaddress
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

from catalog.api import limiter, tokens
from catalog.api.problems import Problem
from catalog.models import ApiToken

UNKNOWN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
NEIGHBOURS = 64  # bits of an IPv6 address that name a connection; the rest its holder chooses


class Caller(NamedTuple):
    """Under which key requests are counted, how many a minute, and what is allowed besides."""

    key: str
    policy: str
    limit: int
    scopes: frozenset[str] = frozenset()


def anonymous(address: str | None) -> Caller:
    """Return whoever asks from this address; None: nobody knows from where, all are one."""
    # The address itself is kept nowhere.
    name = salted_hmac(__name__, _connection(address)).hexdigest()[:32]
    return Caller(f"address:{name}", "anonymous", settings.API_ANONYMOUS_PER_MINUTE)


def _connection(address: str | None) -> str:
    if address is None:
        return ""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # a socket for both writes one of IPv4 like that
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, NEIGHBOURS), strict=False))


def with_token(token: ApiToken) -> Caller:
    return Caller(f"token:{token.hash[:32]}", "token", token.per_minute, frozenset(token.scopes))


def _token(authorization: str, caller: Caller) -> ApiToken | None:
    """Return the token that is shown, unless too many wrong ones came from the same address."""
    wrong = f"wrong:{caller.key}"
    _told(caller, limiter.standing(wrong, caller.limit))
    token = tokens.find(authorization)
    if token is None:
        limiter.count(wrong, caller.limit)
    return token


def _told(caller: Caller, standing: limiter.Standing | None) -> dict[str, str]:
    """Return the headers that say how it stands; Problem for who asked too often."""
    told = limiter.headers(caller.policy, caller.limit, standing) if standing else {}
    if standing and standing.over:
        told["Retry-After"] = str(standing.seconds)
        raise Problem("too-many-requests", headers=told)
    return told


def counted(authorization: str | None, address: str | None) -> tuple[Caller, dict[str, str]]:
    """Return who asks, and the headers that say how it stands; Problem for who may not.

    A wrong token counts to the address: trying tokens is no faster than asking without one. It
    has a count of its own besides, read before the next one is looked up.
    """
    caller = anonymous(address)
    token = None if authorization is None else _token(authorization, caller)
    caller = caller if token is None else with_token(token)
    told = _told(caller, limiter.count(caller.key, caller.limit))
    if authorization is not None and token is None:
        raise Problem("unknown-token", headers=told | UNKNOWN)
    if token is not None and ApiToken.Scope.READ not in caller.scopes:
        raise Problem("scope-missing", "This needs the scope “read”.", headers=told)
    return caller, told
