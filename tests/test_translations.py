"""English and Chinese are complete; no text is forgotten and none is left over."""

import re
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from tests.messages import all_messages, of_python, of_template

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(Path(settings.BASE_DIR, f"locale/{language}/LC_MESSAGES/django.po")))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_is_in_chinese():
    done = {
        (entry.msgctxt or "", entry.msgid)
        for entry in catalogue("zh_Hans")
        if all(texts(entry)) and "fuzzy" not in entry.flags
    }

    assert sorted(all_messages() - done) == []


@pytest.mark.parametrize("language", ["zh_Hans", "ar"])
def test_no_translation_is_left_over(language):
    kept = {
        (entry.msgctxt or "", entry.msgid) for entry in catalogue(language) if not entry.obsolete
    }

    assert sorted(kept - all_messages()) == []


@pytest.mark.parametrize("language", ["zh_Hans", "ar"])
def test_placeholders_survive_translation(language):
    broken = [
        entry.msgid
        for entry in catalogue(language)
        for text in texts(entry)
        if text
        and set(PLACEHOLDER.findall(text))
        - set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    ]

    assert broken == []


BORROWED = Path(settings.BASE_DIR, "locale/borrowed/locale")


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_what_the_libraries_say_otherwise_they_still_say(language):
    """A library that changes its sentence takes our word for it away without an error."""
    ours = polib.pofile(str(BORROWED / language / "LC_MESSAGES/django.po"))
    theirs = [
        Path(allauth.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po",
        Path(django.__file__).parent / "contrib/auth/locale/zh_Hans/LC_MESSAGES/django.po",
    ]
    known = {entry.msgid for path in theirs for entry in polib.pofile(str(path))}

    assert sorted({entry.msgid for entry in ours} - known) == []


def test_the_portal_addresses_people_the_same_way_everywhere():
    with override("zh-hans"):
        assert gettext("Email Addresses") == "电子邮箱"
    with override("en"):
        assert gettext("Sign In") == "Sign in"


def test_the_collector_sees_python_and_templates():
    python = 'from x import gettext_lazy as _\na = _("One")\nb = ngettext("Two", "Twos", n)\n'
    python += 'c = pgettext_lazy("of a door", "Open")\nd = npgettext("x", "Five", "Fives", n)\n'
    template = (
        '{% load i18n %}{% translate "Three" %}'
        "{% blocktranslate %}Four {{ x }}{% endblocktranslate %}"
        '{% translate "Open" context "of a door" %}'
    )

    assert set(of_python(python)) == {
        ("", "One"),
        ("", "Two"),
        ("of a door", "Open"),
        ("x", "Five"),
    }
    assert set(of_template(template)) == {
        ("", "Three"),
        ("", "Four %(x)s"),
        ("of a door", "Open"),
    }
