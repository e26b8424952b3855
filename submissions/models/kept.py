"""What PostgreSQL keeps of a row that has a life of its own: answers, and what they are of."""

from typing import Any

import pgtrigger


def kept() -> Any:
    """Return the trigger by which PostgreSQL refuses to delete a row."""
    return pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)


def fixed(name: str, *columns: str, condition: Any = None) -> Any:
    """Return the trigger by which PostgreSQL refuses these columns; ``condition``: when."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.UpdateOf(*columns), condition=condition)


def of_one_declaration() -> Any:
    """Return the trigger that refuses a version of another declaration than the row is about."""
    return pgtrigger.Trigger(
        name="of_one_declaration",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("declaration_id", "version_id"),
        func="""
            IF NEW.version_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM submissions_declarationversion AS one
                WHERE one.id = NEW.version_id AND one.declaration_id = NEW.declaration_id
            ) THEN
                RAISE EXCEPTION '%: the version is of another declaration', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
