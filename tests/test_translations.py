"""English and Chinese are complete; no text is forgotten and none is left over."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.messages import all_messages, of_python, of_template

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(Path(settings.BASE_DIR, f"locale/{language}/LC_MESSAGES/django.po")))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_is_in_chinese():
    done = {
        entry.msgid
        for entry in catalogue("zh_Hans")
        if all(texts(entry)) and "fuzzy" not in entry.flags
    }

    assert sorted(all_messages() - done) == []


@pytest.mark.parametrize("language", ["zh_Hans", "ar"])
def test_no_translation_is_left_over(language):
    kept = {entry.msgid for entry in catalogue(language) if not entry.obsolete}

    assert sorted(kept - all_messages()) == []


@pytest.mark.parametrize("language", ["zh_Hans", "ar"])
def test_placeholders_survive_translation(language):
    broken = [
        entry.msgid
        for entry in catalogue(language)
        for text in texts(entry)
        if text and set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(entry.msgid))
    ]

    assert broken == []


def test_the_collector_sees_python_and_templates():
    python = 'from x import gettext_lazy as _\na = _("One")\nb = ngettext("Two", "Twos", n)\n'
    template = (
        '{% load i18n %}{% translate "Three" %}'
        "{% blocktranslate %}Four {{ x }}{% endblocktranslate %}"
    )

    assert set(of_python(python)) == {"One", "Two"}
    assert set(of_template(template)) == {"Three", "Four %(x)s"}
