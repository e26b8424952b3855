"""How the public pages call things: in the reader's language where there is one."""

from typing import Any

from django.utils.translation import get_language

from catalog import labels
from catalog.models import Technology
from reference.names import in_language

Context = dict[str, Any]


def preferred(texts: dict[str, Context], original: str) -> tuple[str, Context]:
    """Return the reader's language where there is text in it, else the original."""
    language = get_language() or ""
    if texts.get(language, {}).get("summary"):
        return language, texts[language]
    return original, texts.get(original, {})


def holder_name(holder: Context) -> str:
    english, chinese = str(holder.get("name_en", "")), str(holder.get("name_zh", ""))
    if (get_language() or "").startswith("zh"):
        return chinese or english
    return english or chinese


def safe_link(url: str) -> str:
    """Return the address when it is one a browser may follow, else nothing."""
    return url if url.lower().startswith(("https://", "http://")) else ""


def title_of(one: Technology) -> tuple[str, str]:
    language = get_language() or ""
    if one.titles.get(language):
        return language, one.titles[language]
    return one.language, one.titles.get(one.language) or in_language(one.titles)


def state_of(one: Technology) -> Context:
    return {
        "label": one.get_status_display(),
        "tone": labels.STATE_TONES.get(one.status, "neutral"),
    }
