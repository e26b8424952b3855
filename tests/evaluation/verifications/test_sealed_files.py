"""The files of a report once it is handed in: sealed with it, and kept."""

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import erasure, personal
from core import pruning
from core.canonical import content_hash
from core.errors import TransitionError
from evaluation.models import VerificationFile
from evaluation.verifications import files, verifying
from submissions.files import scanning
from submissions.files.verifying import verify
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import verifications as make
from tests.builders.core import at_once
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db

LATE = "The report is handed in or cancelled; its files stay as they are."


@pytest.fixture
def officer():
    return accounts.officer(name="Officer One")


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def names_of(row):
    return list(row.files.values_list("file_name", flat=True))


def lying():
    try:
        return default_storage.listdir(files.SHELF.folder)[1]
    except FileNotFoundError:
        return []


# The seal -----------------------------------------------------------------------------------


def test_names_and_checksums_are_sealed_and_without_files_the_document_is_the_former():
    plain = make.reported()
    row = make.reported(make.with_files(None, "a.png", "B.png"))

    small, capital = (row.files.get(file_name=name) for name in ("a.png", "B.png"))
    assert "files" not in verifying.document_of(plain)
    assert set(verifying.document_of(plain)) == {
        *("verification", "case", "kind", "held_at", "place", "experts", "officers"),
        *("findings", "results"),
    }
    document = verifying.document_of(row)
    assert document["files"] == [
        {
            "name": "B.png",
            "sha256": capital.sha256,
        },  # by code point, whatever the database sorts by
        {"name": "a.png", "sha256": small.sha256},
    ]
    assert row.content_hash == content_hash(document)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluation_verificationfile SET sha256 = repeat('0', 64)",
        "UPDATE evaluation_verificationfile SET file_name = 'another.png'",
        "DELETE FROM evaluation_verificationfile",
    ],
)
def test_the_replay_names_a_report_whose_files_are_others(statement):
    row = make.reported(make.with_files())
    printed, ended = replayed("--all")
    assert (faults(printed), ended) == ([], None)
    as_owner("evaluation_verificationfile", statement)

    printed, ended = replayed("--all")

    assert faults(printed) == [f"evaluation.Verification {row.pk}: it is not what was sealed"]
    assert ended


@pytest.mark.parametrize("end", [make.reported, make.cancelled])
def test_afterwards_neither_service_nor_database_lets_them_change(officer, end):
    row = end(make.with_files())
    file = row.files.get()
    for act in (
        lambda: files.add(row.pk, [make.picture(width=30)], actor=officer),
        lambda: files.remove(row.pk, file.pk, actor=officer),
    ):
        with pytest.raises(TransitionError) as refused:
            act()
        assert str(refused.value) == LATE
    assert len(lying()) == 1
    with pytest.raises(IntegrityError, match="handed in or cancelled"), transaction.atomic():
        file.delete()
    with pytest.raises(IntegrityError, match="handed in or cancelled"), transaction.atomic():
        VerificationFile.objects.create(
            verification=row, added_by=officer, added_at=row.arranged_at, size=1, scan="clean"
        )


def test_the_database_keeps_a_file_as_it_is_and_takes_none_unscanned_or_twice(officer):
    row = make.with_files()
    file = row.files.get()
    given = {"verification": row, "added_by": officer, "added_at": row.arranged_at, "size": 1}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        row.files.update(file_name="another.png")
    for wrong, name in (
        ({"scan": "waiting"}, "scanned"),
        ({"scan": "clean", "size": 0}, "size"),
        ({"scan": "clean", "sha256": file.sha256}, "once"),
    ):
        with pytest.raises(IntegrityError, match=f"verificationfile_{name}"), transaction.atomic():
            VerificationFile.objects.create(**{**given, **wrong})


BY_HAND = [
    (
        "INSERT INTO evaluation_verification_experts (verification_id, expert_id)"
        " VALUES (%(row)s, %(expert)s)",
        "expert of a verification: the report is handed in or cancelled",
    ),
    (
        "DELETE FROM evaluation_verification_experts",
        "expert of a verification: the report is handed in or cancelled",
    ),
    ("UPDATE evaluation_verification_experts SET expert_id = %(expert)s", "Cannot update rows"),
    (
        "INSERT INTO evaluation_verification_officers (verification_id, user_id)"
        " VALUES (%(row)s, %(expert)s)",
        "officer of a verification: the report is handed in or cancelled",
    ),
    (
        "DELETE FROM evaluation_verification_officers",
        "officer of a verification: the report is handed in or cancelled",
    ),
    ("UPDATE evaluation_verification_officers SET user_id = %(expert)s", "Cannot update rows"),
]


@pytest.mark.parametrize("end", [make.reported, make.cancelled])
def test_the_database_keeps_who_took_part_as_the_report_was_sealed_with(officer, end):
    took = build.expert()
    row = end(make.held(experts=[took], officers=[officer]))
    given = {"row": row.pk, "expert": build.expert().pk}

    for statement, said in BY_HAND:
        with (
            pytest.raises(DatabaseError, match=said),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, given)
    assert (list(row.experts.all()), list(row.officers.all())) == ([took], [officer])


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("evaluation_verification_experts", "DELETE FROM evaluation_verification_experts"),
        ("evaluation_verification_officers", "DELETE FROM evaluation_verification_officers"),
    ],
)
def test_the_replay_names_a_report_of_which_somebody_was_taken_away(officer, table, statement):
    row = make.reported(make.held(experts=[build.expert()], officers=[officer]))
    as_owner(table, statement)

    printed, ended = replayed("--all")

    assert faults(printed) == [f"evaluation.Verification {row.pk}: it is not what was sealed"]
    assert ended


# Two at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_while_the_report_is_sealed_is_refused_with_a_sentence(monkeypatch):
    row, one = make.held(), accounts.officer()
    looked = scanning.look_on_arrival

    def sealed_meanwhile(stream):
        (done,) = at_once(lambda: make.reported(row))
        assert done.status == "reported"
        return looked(stream)

    monkeypatch.setattr(scanning, "look_on_arrival", sealed_meanwhile)

    with pytest.raises(TransitionError) as refused:
        files.add(row.pk, [make.picture()], actor=one)

    assert str(refused.value) == LATE
    assert (names_of(row), lying()) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_a_file_and_the_seal_at_once_end_with_the_file_in_it_or_outside():
    row, one = make.held(), accounts.officer()

    added, sealed = at_once(
        lambda: files.add(row.pk, [make.picture()], actor=one), lambda: make.reported(row)
    )

    assert sealed.status == "reported"
    row.refresh_from_db()
    assert row.content_hash == content_hash(verifying.document_of(row))
    assert (str(added), names_of(row)) in [(LATE, []), ("None", ["outlet.png"])]
    assert len(lying()) == len(names_of(row))


# What is kept -------------------------------------------------------------------------------


def test_a_restore_looks_for_them_and_pruning_leaves_them():
    row = make.reported(make.with_files(None, "a.png", "b.png"))
    first, second = row.files.order_by("file_name")
    default_storage.delete(str(first.file.name))

    pruning.prune()
    found = verify(reading=True)

    assert (found.missing, found.strays, found.different) == ([first.file.name], [], [])
    assert default_storage.exists(str(second.file.name))
    assert names_of(row) == ["a.png", "b.png"]


def test_the_file_of_an_officer_says_what_one_laid_and_erasure_keeps_the_report():
    person = accounts.officer()
    row = make.held()
    files.add(row.pk, [make.picture()], actor=person)
    make.reported(row)

    (told,) = personal.export(person)["report_files"]
    assert (told["verification"], told["file_name"]) == (row.pk, "outlet.png")
    assert personal.export(accounts.user())["report_files"] == []

    erasure.erase(person.pk, actor=person)

    row.refresh_from_db()
    assert row.content_hash == content_hash(verifying.document_of(row))
    assert names_of(row) == ["outlet.png"]


def test_the_page_of_a_case_asks_as_often_for_many_files_as_for_one(desk):
    case = make.scored()
    page = reverse("admin:evaluation_case_change", args=[case.pk])
    asked = []
    for names in (("a.png",), ("a.png", "b.png", "c.png")):
        make.reported(make.with_files(make.held(case), *names))
        desk.get(page)
        with CaptureQueriesContext(connection) as queries:
            desk.get(page)
        asked.append(len(queries))

    assert asked[0] == asked[1]
