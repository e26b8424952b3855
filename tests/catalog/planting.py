"""Tokens planted in everything that is not public, to be looked for where the world reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Concat, Right

from catalog.models import Technology
from submissions.models import DeclarationVersion
from submissions.scheme import load

TOKEN = "plantedtoken"
APPS = ("account", "accounts", "submissions", "evaluation", "catalog", "core")
# What is printed on public pages: activities, schemes and criteria, the names of a holder; of
# the catalogue, what it is made of.
PUBLIC = {
    *("Activity", "DeclarationScheme", "Annex", "Supporter", "DemandTheme"),
    *("CriteriaSet", "Dimension", "Indicator", "Anchor"),
    *("Technology", "TechnologyVersion", "SignedRecord", "SigningKey", "Word", "Collection"),
    *("EarlierEntry",),
}
PUBLIC_COLUMNS = {
    "Organisation": {"name_en", "name_zh", "website", "country", "kind"},
    "EarlierList": {"code", "title_en", "title_zh", "authority", "note"},
    # Of what is in publicity, and what an objection says to the world.
    "Declaration": {"number", "title"},
    "Objection": {"summary"},
}


@contextmanager
def unwatched() -> Iterator[None]:
    """Let rows be changed that are written once: triggers look away, for this is no act."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


def in_every_column() -> set[str]:
    """Put a token at the end of every free text of people, declarations and reviews.

    Returns the columns that took one, "User.name"; the database refuses it where a shape is asked.
    """
    planted = set()
    with unwatched():
        for model in (one for app in APPS for one in apps.get_app_config(app).get_models()):
            if model.__name__ in PUBLIC or not model._meta.managed:
                continue
            for name, size in _free_texts(model):
                if _planted(model, name, size):
                    planted.add(f"{model.__name__}.{name}")
    return planted


def _planted(model: type[Model], name: str, size: int | None) -> bool:
    try:
        with transaction.atomic():
            token = f"{TOKEN}.{model._meta.model_name}.{name}"
            return bool(model._default_manager.update(**{name: _with_token(name, token, size)}))
    except IntegrityError:
        return False


def _with_token(name: str, token: str, size: int | None) -> Any:
    """Return the old text with a token of its own behind it, which keeps unique what was."""
    text = Concat(F(name), Value(token), output_field=models.TextField())
    return Right(text, size) if size else text


def _free_texts(model: type[Model]) -> Iterator[tuple[str, int | None]]:
    public = PUBLIC_COLUMNS.get(model.__name__, set())
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        if not is_text or field.choices or field.primary_key or field.is_relation:
            continue
        if field.name in public or (field.max_length or 100) < 40:
            continue  # codes, languages and steps, which have few letters
        yield field.name, field.max_length


def in_the_declaration(technology: Technology) -> set[str]:
    """Put tokens into every field of its document that the scheme keeps from the world.

    Returns the fields that got one, by section and key.
    """
    case = Technology.objects.select_related("case__version").get(pk=technology.pk).case
    scheme = load(case.declaration.activity.scheme.sections)
    content = case.version.content
    public = scheme.public_keys(content["sections"])
    planted = set()
    for section in scheme.sections:
        values = content["sections"].setdefault(section.key, {})
        for field in section.fields:
            if f"{section.key}.{field.key}" not in public:
                values[field.key] = f"{TOKEN}.{section.key}.{field.key}"
                planted.add(f"{section.key}.{field.key}")
        for table in section.rows:
            for row in values.get(table.key) or [{}]:
                for field in table.fields:
                    place = f"{section.key}.{table.key}.{field.key}"
                    if place not in public:
                        row[field.key] = f"{TOKEN}.{place}"
                        planted.add(place)
    content["organisation"] |= {
        name: f"{TOKEN}.{name}" for name in ("registration_number", "bank_account", "contact")
    }
    content["attachments"] = [{"name": f"{TOKEN}.pdf", "sha256": TOKEN}]
    with unwatched():
        DeclarationVersion.objects.filter(pk=case.version.pk).update(content=content)
    return planted
