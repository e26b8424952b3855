"""What the page of one technology prints: texts, figures, listing, or only its state."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from catalog import attesting, citing, figures, labels, related, verified, versions
from catalog.browsing.held import Held
from catalog.models import Technology
from catalog.naming import preferred, safe_link, state_of, title_of
from catalog.overviews import links
from catalog.record import was_earlier
from catalog.vocabulary import Vocabulary
from reference.names import in_language
from reference.vocabularies import Vocabulary as Terms
from submissions.scheme.prose import in_words_of

Context = dict[str, Any]
Columns = dict[str, Context]

# text: what the holder wrote, where it is; of other columns a row names its own (catalog.figures).
INDICATORS: Columns = {
    "name": {"label": gettext_lazy("Indicator")},
    "minimum": {"label": gettext_lazy("Minimum"), "number": True},
    "typical": {"label": gettext_lazy("Typical"), "number": True},
    "maximum": {"label": gettext_lazy("Maximum"), "number": True},
    "as_stated": {"label": gettext_lazy("As the source states it"), "text": True},
    "unit": {"label": gettext_lazy("Unit")},
    "condition": {"label": gettext_lazy("Condition"), "text": True},
    "standard": {"label": gettext_lazy("Standard that applies"), "text": True},
    "standard_limit": {"label": gettext_lazy("Limit of the standard"), "number": True},
}
COSTS: Columns = {
    "kind": {"label": gettext_lazy("Kind")},
    "amount": {"label": gettext_lazy("Amount"), "number": True},
    "as_stated": {"label": gettext_lazy("As the source states it"), "text": True},
    "currency": {"label": gettext_lazy("Currency")},
    "unit": {"label": gettext_lazy("Per"), "text": True},
    "basis": {"label": gettext_lazy("Basis"), "text": True},
}
CASES: Columns = {
    "name": {"label": gettext_lazy("Project"), "text": True},
    "owner": {"label": gettext_lazy("Owner or user"), "text": True},
    "country": {"label": gettext_lazy("Country or region")},
    "city": {"label": gettext_lazy("City or place"), "text": True},
    "scale": {"label": gettext_lazy("Scale")},
    "year": {"label": gettext_lazy("Year of start")},
    "months_stable": {"label": gettext_lazy("Months of stable operation"), "number": True},
}
PROPERTY: Columns = {
    "kind": {"label": gettext_lazy("Kind")},
    "number": {"label": gettext_lazy("Number")},
    "note": {"label": gettext_lazy("Note"), "text": True},
}


def detail_page(one: Technology, names: Vocabulary, held: Held) -> Context:
    record = one.content
    title_language, title = title_of(one)
    return {
        "technology": one,
        "record": record,
        "title": title,
        "title_lang": title_language,
        "other_titles": [
            {"lang": code, "text": text}
            for code, text in record["titles"].items()
            if code != title_language
        ],
        "status": state_of(one),
        "earlier": labels.EARLIER if was_earlier(record) else "",
        "stale": attesting.not_confirmed_since(one, localdate()),
        **body_of(one, names),
        "overviews": links.of_technology(one),
        "verified": verified.last(one),
        "versions": (kept := versions.page(one, most=versions.SHOWN)),
        "cited": citing.citation(one, kept.rows[0].number, kept.rows[0].at),
        "related": related.to(one, names, held),
        "listing": _listing(one, kept.rows[0].number),
        "record_url": reverse("catalog:technology-record", args=[one.pk]),
        "signed_url": reverse("trust:record", args=[one.number]),
        "check_url": f"{reverse('catalog:check')}?{urlencode({'q': one.number})}",
        "list_url": reverse("catalog:technology-list"),
    }


def body_of(one: Technology, names: Vocabulary) -> Context:
    """Return what is said of the technology itself, listed or in publicity."""
    record = one.content
    language, texts = preferred(record["texts"], one.language)
    table = partial(_table, language=one.language)
    rows = named_rows(record, names)
    return {
        "texts": _texts(texts, language),
        "texts_note": text_note(record, language),
        "other_texts": [
            {"lang": code, "texts": _texts(other, code), "note": text_note(record, code)}
            for code, other in record["texts"].items()
            if code != language and _texts(other, code)
        ],
        "titles_only": [
            _only_title(record, code)
            for code, other in record["texts"].items()
            if code != language and not _texts(other, code)
        ],
        "facts": _facts(one, names),
        "holder": _holder(record["holder"], names),
        "indicators": table(rows["indicators"], INDICATORS),
        "costs": table(rows["costs"], COSTS),
        "cases": table(rows["cases"], CASES),
        "economics": figures.economics(record.get("economics", {}), names),
        "property": table(rows["property"], PROPERTY),
        "sources": [_source(source) for source in record["sources"]],
        "evidence": {
            "label": labels.label(labels.EVIDENCE, one.evidence_grade),
            "tone": labels.EVIDENCE_TONES.get(one.evidence_grade, "neutral"),
            "meaning": labels.EVIDENCE_MEANING.get(one.evidence_grade, ""),
        },
    }


def named_rows(record: Context, names: Vocabulary) -> dict[str, list[Context]]:
    """Return the rows of the tables, with names for codes."""
    return {
        "indicators": figures.indicators(record["indicators"], names),
        "costs": _worded(record["costs"], "kind", labels.COSTS),
        "cases": figures.cases(record["cases"], names),
        "property": _worded(record["property"], "kind", labels.PROPERTY),
    }


def state_page(one: Technology) -> Context:
    """What is told of a technology that is not listed: only what its record still says."""
    titles = one.content.get("titles", {})
    return {
        "technology": one,
        "status": state_of(one),
        "title": in_language(titles) or one.number,
        "kicker": one.number if titles else "",
        "text": labels.label(labels.EVENTS, one.status),
        "facts": [
            {"label": _("Number"), "value": one.number},
            {"label": _("State"), "status": state_of(one)},
            {"label": _("Since"), "value": date_format(localtime(one.changed_at), "DATE_FORMAT")},
        ],
        "record_url": reverse("catalog:technology-record", args=[one.pk]),
        "signed_url": reverse("trust:record", args=[one.number]),
        "check_url": f"{reverse('catalog:check')}?{urlencode({'q': one.number})}",
        "list_url": reverse("catalog:technology-list"),
    }


def _texts(texts: Context, language: str) -> list[Context]:
    return [
        {"label": labels.label(labels.TEXTS, key), "value": texts[key], "lang": language}
        for key in labels.TEXTS
        if texts.get(key)
    ]


def text_note(record: Context, language: str) -> str:
    """Say that a text is a translation, of what, and since when it is confirmed; else nothing."""
    if language == record["language"] or was_earlier(record):
        return ""
    told = record.get("translations", {}).get(language)
    if told is None:  # a record of before this was told
        return _("Translation, confirmed by the holder.")
    day = day_of(told["confirmed_on"])
    return _(
        "Translation of version %(version)d of the declaration, confirmed by the holder on %(day)s."
    ) % {"version": told["of_version"], "day": day}


def _only_title(record: Context, language: str) -> str:
    """Say that nothing but the title was translated, and since when that is confirmed."""
    name = get_language_info(language)["name_translated"]
    told = record.get("translations", {}).get(language)
    if was_earlier(record):
        return _("In %(language)s the list states only the title.") % {"language": name}
    if told is None:
        return _("Only the title was translated into %(language)s.") % {"language": name}
    return _(
        "Only the title was translated into %(language)s; the holder confirmed it on %(day)s."
    ) % {"language": name, "day": day_of(told["confirmed_on"])}


def day_of(iso: str) -> str:
    return date_format(dt.date.fromisoformat(iso), "DATE_FORMAT")


def _facts(one: Technology, names: Vocabulary) -> list[Context]:
    record = one.content
    countries = [names.country.get(code, code) for code in record["target_countries"]]
    facts = [
        (_("Field"), in_language(one.subcategory.field.names)),
        (_("Sub-category"), in_language(one.subcategory.names)),
        (_("Form of technology"), _term(names, Terms.FORM, record["form"])),
        (_("Matrix"), _term(names, Terms.MATRIX, record["matrix"])),
        (_("Pollutants"), _terms(names, Terms.POLLUTANT, record["pollutants"])),
        (_("Maturity"), _term(names, Terms.MATURITY, record["maturity"])),
        (_("First used"), record["first_use_year"]),
        (_("Number of applications"), record["applications_count"]),
        (_("Modes of cooperation"), _terms(names, Terms.COOPERATION, record["cooperation"])),
        (_("Target countries and regions"), _listed(countries)),
    ]
    return [{"label": label, "value": str(value)} for label, value in facts if value]


def _holder(holder: Context, names: Vocabulary) -> list[Context]:
    facts: list[Context] = [
        {"label": _("Name in English"), "value": holder["name_en"], "lang": "en"},
        {"label": _("Name in Chinese"), "value": holder["name_zh"], "lang": "zh-hans"},
        {"label": _("Country or region"), "value": names.country.get(holder["country"], "")},
        {"label": _("Website"), "value": holder["website"], "url": safe_link(holder["website"])},
        *figures.profile(holder.get("profile", {}), names),
    ]
    return [fact for fact in facts if fact["value"]]


def _listing(one: Technology, version: int) -> list[Context]:
    return [
        {"label": _("Number"), "value": one.number},
        *origin_facts(one.content),
        {"label": _("Listed on"), "value": date_format(localtime(one.listed_at), "DATE_FORMAT")},
        {"label": _("Valid until"), "value": date_format(one.valid_until, "DATE_FORMAT")},
        {"label": _("Version"), "value": str(version)},
        {"label": _("SHA-256 of the record"), "value": one.content_hash},
    ]


def origin_facts(record: Context) -> list[Context]:
    """Say in which activity it was declared, or in which earlier list it stands."""
    if not was_earlier(record):
        titles = record["activity"]["titles"]
        return [{"label": _("Collection activity"), "value": in_language(titles)}]
    earlier = record["earlier"]
    published = earlier.get("published_on")
    when = (
        {"label": _("Published on"), "value": day_of(published)}
        if published
        else {"label": _("Year of the list"), "value": str(earlier["year"])}
    )
    facts: list[Context] = [
        {
            "label": _("Earlier list"),
            "value": in_language(earlier["titles"]),
            "url": safe_link(earlier.get("source", "")),
        },
        {"label": _("Published by"), "value": earlier["authority"]},
        when,
        {"label": _("Number in the list"), "value": earlier["number"]},
    ]
    return facts


def _table(rows: list[Context], columns: Columns, language: str) -> Context | None:
    """Return a table of the columns in which some row says something; None without rows."""
    used = {key: column for key, column in columns.items() if any(row.get(key) for row in rows)}
    if not used:
        return None
    cells = [[_cell(row, key, column, language) for key, column in used.items()] for row in rows]
    told = any("lang" in cell for line in cells for cell in line)
    return {"columns": list(used.values()), "rows": cells, "lang": language if told else ""}


def _cell(row: Context, key: str, column: Context, language: str) -> Context:
    """Return a cell; what the holder wrote in words is in the language of the record."""
    value = row.get(key)
    if column.get("number"):
        return {"text": _number(value)}
    cell = {"text": str(value or "")}
    own = column.get("text") or key in row.get("own_words", ())
    if own and in_words_of(language, cell["text"]):
        cell["lang"] = language
    return cell


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value)) if value else None
    except InvalidOperation:
        return value


def _worded(rows: list[Context], key: str, words: dict[str, Any]) -> list[Context]:
    return [{**row, key: str(words.get(row.get(key, ""), row.get(key, "")))} for row in rows]


def _source(source: Context) -> Context:
    parts = (source.get("programme"), source.get("year"))
    return {
        "title": source.get("title") or source.get("url", ""),
        "url": safe_link(source.get("url", "")),
        "note": ", ".join(str(part) for part in parts if part),
    }


def _term(names: Vocabulary, vocabulary: Terms, code: str) -> str:
    return names.terms(vocabulary).get(code, code)


def _terms(names: Vocabulary, vocabulary: Terms, codes: list[str]) -> str:
    return _listed([_term(names, vocabulary, code) for code in codes])


def _listed(words: list[str]) -> str:
    # Translators: what stands between the words of a list.
    return _(", ").join(words)
