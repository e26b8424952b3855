"""Bring the database and the static files to what the code says; skip what is unchanged."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from psycopg2 import sql

from launcher.console import step
from launcher.layout import ASIDE, REPO, VENV_PYTHON
from launcher.postgres import DATABASE, connection
from launcher.services import Services
from launcher.steps import run_step
from launcher.translations import compile_all


def prepare(services: Services) -> None:
    with step("compiling translations"):
        compile_all(REPO)
    fingerprint = fingerprint_of(REPO)
    prepare_database(services, fingerprint)
    prepare_static(services, fingerprint)


def prepare_if_new(services: Services) -> None:
    """Lay the tables down for a command that is typed before the portal was ever started.

    A database of another code is left as it is: whoever works on the code migrates when they like.
    """
    if services.borrowed or not services.embedded or _mark(services.owner_url):
        return
    with step("compiling translations"):
        compile_all(REPO)
    prepare_database(services, fingerprint_of(REPO))


def prepare_database(services: Services, fingerprint: str) -> None:
    """Migrate and grant, unless this very code did so with this very database.

    The embedded database carries the fingerprint itself, so it is gone with the database.
    An operator's database may be changed by others and is always looked at.
    """
    if services.embedded and _mark(services.owner_url) == fingerprint:
        return
    program = [str(VENV_PYTHON), "-m", "launcher.bring_up_to_date", *granted_roles(services)]
    run_step("migrating the database", program, services.for_owner(), "migrating failed")
    if services.embedded:
        _set_mark(services.owner_url, fingerprint)


def granted_roles(services: Services) -> list[str]:
    """Name the role that works on the tables without owning them, if the portal has one."""
    owner, application = (
        urlsplit(url).username for url in (services.owner_url, services.database_url)
    )
    return [unquote(application)] if application and application != owner else []


def prepare_static(services: Services, fingerprint: str) -> None:
    # Beside the folder, not in it: that is the portal's, and root writes in no one else's.
    mark = services.state / "static.prepared"
    collected = (services.state / "static" / "staticfiles.json").exists()
    if collected and mark.exists() and mark.read_text() == fingerprint:
        return
    command = manage("collectstatic", "--noinput", "-v0")
    run_step(
        "collecting static files",
        command,
        services.for_portal(),
        "collectstatic failed",
        user=services.user,
    )
    mark.write_text(fingerprint)


def manage(*command: str) -> list[str]:
    return [str(VENV_PYTHON), "manage.py", *command]


def fingerprint_of(repo: Path) -> str:
    """Fingerprint, by content, all that tables and static files are made from."""
    digest = hashlib.sha256()
    for path in sorted(_sources(repo)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(repo)} {content}\n".encode())
    return digest.hexdigest()


def _sources(repo: Path) -> Iterator[Path]:
    yield repo / "requirements.txt"
    for folder in repo.iterdir():
        if folder.is_dir() and folder.name not in ASIDE and not folder.name.startswith("."):
            yield from folder.rglob("*.py")
            yield from (path for path in folder.rglob("static/**/*") if path.is_file())
            if folder.name == "static":
                yield from (path for path in folder.rglob("*") if path.is_file())


def _mark(owner_url: str) -> str:
    with connection(owner_url) as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [DATABASE],
        )
        row = cursor.fetchone()
        return str(row[0]) if row and row[0] else ""


def _set_mark(owner_url: str, fingerprint: str) -> None:
    with connection(owner_url) as cursor:
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(comment.format(sql.Identifier(DATABASE), sql.Literal(fingerprint)))
