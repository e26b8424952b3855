"""Servers the operator named: said at once, in one sentence, when they do not answer."""

from contextlib import closing
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2

from launcher.redis_wire import ask
from launcher.refusal import Refusal

OLDEST = 15
ASKABLE = ("redis", "rediss", "unix")  # others, such as sentinel, are left to the client library


def check_database(url: str) -> None:
    parts = urlsplit(url)
    try:
        connection = psycopg2.connect(
            host=unquote(parts.hostname or ""),
            port=parts.port,
            user=unquote(parts.username or "") or None,
            password=unquote(parts.password or "") or None,
            dbname=unquote(parts.path.lstrip("/")) or None,
            sslmode=parse_qs(parts.query).get("sslmode", [None])[0],
            connect_timeout=5,
        )
    except (psycopg2.Error, ValueError) as error:
        reason = " ".join(str(error).split())
        raise Refusal(
            f"the database of DATABASE_URL cannot be reached ({reason}); start that server, or "
            "correct DATABASE_URL, or unset it to use the embedded one."
        ) from error
    with closing(connection):
        version = connection.server_version // 10000
    if version < OLDEST:
        raise Refusal(f"DATABASE_URL is PostgreSQL {version}; {OLDEST} or newer is needed.")


def check_redis(url: str) -> None:
    if urlsplit(url).scheme not in ASKABLE:
        return
    answer = ask(url, "PING")
    if answer != "+PONG":
        raise Refusal(
            f"the server of REDIS_URL cannot be used ({answer.lstrip('-') or 'no answer'}); start "
            "it, or correct REDIS_URL, or unset it to use the embedded one."
        )
