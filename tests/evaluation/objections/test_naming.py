"""What counts as telling who objects; an objector cannot make a ruling impossible by a name."""

import pytest

from core.errors import DomainError
from evaluation.models import Objection
from evaluation.objections.naming import told_by
from evaluation.states import CaseStatus
from tests.builders import evaluation as build
from tests.builders import objections as make

LONG = (
    "An objection was received on 2026-11-23. The removal rate, measured at the outlet on "
    "12 345 678 m3, is the declared one; in the view of the office the entry is not wrong. "
    "该技术的申报资料真实，异议不成立。"
)


def who(**given):
    values = {"name": "Qx Zv", "unit": "", "address": "q@example.org", "phone": "", **given}
    return Objection(**values)


@pytest.mark.parametrize(
    "given",
    [
        {"phone": "e"},
        {"phone": "20"},
        {"name": "an"},
        {"name": "An"},
        {"name": "Li"},
        {"name": "is not"},
        {"name": "of the"},
        {"name": "的"},
        {"name": "Ob Je"},
        {"unit": "的", "protected": True},
        {"unit": "技术", "protected": True},
        {"unit": "is", "protected": True},
        {"unit": "of the", "protected": True},
        {"address": "e"},
    ],
)
def test_common_letters_and_words_tell_nobody(given):
    assert told_by(who(**given), LONG) == ""


@pytest.mark.parametrize(
    ("given", "text", "words"),
    [
        ({"name": "Wen Yi"}, "wen yi was wrong.", "wen yi"),
        ({"name": "Wen Yi"}, "So Yi Wen says.", "Yi Wen"),
        ({"name": "Wen Yi"}, "So says Mr Wen.", "Mr Wen"),
        ({"name": "Wen Yi"}, "So says Dr. Yi.", "Dr. Yi"),
        ({"name": "Wen Yi"}, "Wen, Yi: no", "Wen, Yi"),
        ({"name": "Anna Maria Sol"}, "by Sol Anna Maria", "Sol Anna Maria"),
        ({"name": "Li"}, "What Li says", "Li"),
        ({"name": "An"}, "What Ms An says", "Ms An"),
        ({"name": "文艺"}, "异议人文 艺认为", "文 艺"),
        ({"name": "文艺"}, "文先生认为", "文先生"),
        ({"name": "O’Hara Pat"}, "Pat O’Hara", "Pat O’Hara"),
        ({"address": "wen@example.org"}, "Ask WEN@example.org.", "WEN@example.org"),
        ({"phone": "+86 10 5555-0100"}, "Call (010) 55550100!", "010) 55550100"),
        ({"phone": "555 0100"}, "Call 5550100", "5550100"),
        ({"unit": "Rival Works", "protected": True}, "the rival works say", "rival works"),
        ({"unit": "清华大学", "protected": True}, "清华大学认为", "清华大学"),
    ],
)
def test_what_tells_who_objects_is_found_as_it_stands(given, text, words):
    assert told_by(who(**given), text) == words


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"name": "Wen Yi"}, "When Yin was there"),
        ({"name": "Li"}, "Lithium, and a little li"),
        ({"unit": "Rival Works"}, "Rival Works"),
        ({"address": "wen@example.org"}, "owen@example.org"),
        ({"phone": "555 0100"}, "555 01 and 5550101"),
    ],
)
def test_what_only_looks_like_it_is_not(given, text):
    assert told_by(who(**given), text) == ""


@pytest.mark.django_db
def test_the_error_says_the_words_also_when_the_identity_is_not_protected():
    row = make.respond(make.admitted(build.case(CaseStatus.PUBLICITY), name="Wen Yi"))

    with pytest.raises(DomainError, match="“Mr Wen”") as refused:
        make.rule(row, "dismiss", ruling="What Mr Wen says is not so.")

    assert refused.value.field == "ruling"


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["e", "12345", "12345x6", "123456 ext"])
def test_a_telephone_is_a_number(phone):
    with pytest.raises(DomainError, match="at least 6 digits") as refused:
        make.sent(build.case(CaseStatus.PUBLICITY), phone=phone)

    assert refused.value.field == "phone"
