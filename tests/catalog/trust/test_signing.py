"""What is published is signed: every version, in its transaction, with the key in use."""

import json
import stat
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from catalog.models import SignedRecord, SigningKey, TechnologyVersion
from catalog.states import TechnologyStatus
from catalog.trust import credentials, keys, signing, verifying
from core.canonical import canonical_json, content_hash
from core.errors import DomainError
from core.models import AuditEntry
from tests.builders import catalog
from tests.builders.core import at_once
from tests.catalog.test_publishing import in_state
from tests.catalog.trust.lost import file_of, lose

pytestmark = pytest.mark.django_db


def known():
    document = credentials.key_document(SigningKey.objects.all())
    return verifying.keys_of(json.loads(canonical_json(document)))


def genuine(signed):
    return verifying.judge(canonical_json(signed.document), known()).genuine


def run(command, *arguments, **options):
    said = StringIO()
    call_command(command, *arguments, stdout=said, **options)
    return said.getvalue().strip()


# Signing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", TechnologyStatus)
def test_every_version_is_signed_states_and_tombstones_too(status):
    technology = in_state(status)

    versions = technology.versions.order_by("number")

    assert [one.signed_records.count() for one in versions] == [1] * len(versions)
    for one in versions:
        signed = one.signed_records.get()
        assert genuine(signed)
        assert signed.document["credentialSubject"] == {
            "id": f"urn:uuid:{technology.pk}",
            "version": one.number,
            "contentHash": one.content_hash,
            "record": one.content,
        }
    assert versions.last().content["state"] == status


def test_the_technology_of_a_cleared_case_is_signed():
    technology = catalog.listed_technology()

    [signed] = SignedRecord.objects.all()

    assert genuine(signed)
    assert signed.version.technology == technology


def test_nothing_is_signed_when_what_published_it_is_undone():
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        catalog.technology()
        raise RuntimeError("undone")

    assert not SignedRecord.objects.exists()
    assert not SigningKey.objects.exists()


def test_what_was_signed_is_never_changed_and_never_twice():
    catalog.technology()
    signed = SignedRecord.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        SignedRecord.objects.update(document={})
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedRecord.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedRecord.objects.create(
            version=signed.version, key=signed.key, document={}, signed_at=signed.signed_at
        )


def test_versions_of_before_are_signed_by_the_command():
    technology = catalog.technology()
    for number in (2, 3):
        said = technology.content | {"number": technology.number, "schema": str(number)}
        TechnologyVersion.objects.create(
            technology=technology,
            number=number,
            content=said,
            content_hash=content_hash(said),
            published_at=technology.listed_at,
        )

    assert run("sign_versions") == "2 versions were signed"
    assert run("sign_versions") == "0 versions were signed"
    assert [genuine(one) for one in SignedRecord.objects.all()] == [True] * 3


# Keys ---------------------------------------------------------------------------------------


def test_the_first_record_makes_the_first_key():
    catalog.technologies(2)

    key = SigningKey.objects.get()
    assert key.ended_at is None
    assert stat.S_IMODE(file_of(key).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of(key).parent.stat().st_mode) == 0o700
    assert {one.key for one in SignedRecord.objects.all()} == {key}
    act = AuditEntry.objects.get(act="signing key.begun")
    assert act.details == {"public_key": key.public_key}


def test_old_versions_stay_genuine_when_the_key_is_rotated():
    technology = catalog.technology()
    first = SigningKey.objects.get()

    said = run("rotate_signing_key")

    second = SigningKey.objects.get(ended_at=None)
    assert said == f"{second.public_key} is in use; 0 versions were signed"
    assert second != first
    catalog.take(technology, "suspend")
    records = SignedRecord.objects.order_by("pk")
    assert [one.key for one in records] == [first, second]
    assert [genuine(one) for one in records] == [True, True]
    assert AuditEntry.objects.filter(act="signing key.rotated").count() == 1


def test_what_a_compromised_key_signed_is_signed_again():
    technology = catalog.take(catalog.technology(), "suspend")
    first = SigningKey.objects.get()

    said = run("rotate_signing_key", compromised="The machine was stolen.")

    second = SigningKey.objects.get(ended_at=None)
    assert said == f"{second.public_key} is in use; 2 versions were signed"
    records = SignedRecord.objects.order_by("pk")
    assert [(one.key, genuine(one)) for one in records] == [
        (first, False),
        (first, False),
        (second, True),
        (second, True),
    ]
    assert {one.version.technology for one in records} == {technology}
    act = AuditEntry.objects.get(act="signing key.compromised")
    assert act.reason == "The machine was stolen."


def test_a_key_that_was_rotated_before_can_turn_out_to_be_compromised():
    catalog.technology()
    first = SigningKey.objects.get()
    run("rotate_signing_key")
    second = SigningKey.objects.get(ended_at=None)

    said = run("rotate_signing_key", compromised="An old disk.", key=first.public_key)

    assert said == f"{second.public_key} is in use; 1 versions were signed"
    first.refresh_from_db()
    assert first.compromised_because == "An old disk."
    assert genuine(SignedRecord.objects.latest("pk"))


def test_a_key_is_given_up_once():
    catalog.technology()
    key = SigningKey.objects.get()
    keys.rotate(compromised="Stolen.")

    for more, says in (
        ({"compromised": "Again."}, "compromised already"),
        ({}, "compromised already"),
    ):
        with pytest.raises(DomainError, match=says):
            keys.rotate(public_key=key.public_key, **more)
    with pytest.raises(CommandError, match="no key of this portal"):
        run("rotate_signing_key", key="z6Mk")
    ended = SigningKey.objects.get(ended_at=None)
    keys.rotate()
    with pytest.raises(DomainError, match="not in use any more"):
        keys.rotate(public_key=ended.public_key)


def test_the_database_keeps_the_history_of_keys():
    catalog.technology()
    key = SigningKey.objects.get()
    keys.rotate(compromised="Stolen.")
    rows = SigningKey.objects.filter(pk=key.pk)

    for change in (
        {"public_key": "z6Mk"},
        {"began_at": None},
        {"ended_at": None},
        {"compromised_at": None, "compromised_because": ""},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(public_key="z6Mk", began_at=key.began_at)


# A key whose file is gone ---------------------------------------------------------------------


def test_a_lost_file_stops_no_revocation():
    technology = catalog.technology()
    lose(SigningKey.objects.get())

    gone = catalog.take(technology, "revoke")

    assert gone.status == TechnologyStatus.REVOKED
    assert [one.signed_records.count() for one in gone.versions.all()] == [1, 0]


@pytest.mark.parametrize("begun", [True, False])
def test_a_folder_that_cannot_be_written_stops_no_revocation(begun, settings, tmp_path):
    technology = catalog.technology()
    before = SigningKey.objects.get()
    if begun:
        before.ended_at = before.began_at
        before.save(update_fields=["ended_at"])
    else:
        keys.rotate()
    (tmp_path / "file").write_bytes(b"")
    settings.SIGNING_KEYS_DIR = str(tmp_path / "file")

    gone = catalog.take(technology, "revoke")

    assert gone.status == TechnologyStatus.REVOKED
    assert [one.signed_records.count() for one in gone.versions.all()] == [1, 0]
    with pytest.raises(CommandError, match="is not at" if not begun else "could not be written"):
        run("sign_versions")
    assert Client().get("/.well-known/technology-pool-delisted.json").status_code == 503


def test_a_reason_that_is_empty_rotates_nothing():
    catalog.technology()
    key = SigningKey.objects.get()

    for reason in ("", "  "):
        with pytest.raises(CommandError, match="the reason is empty"):
            run("rotate_signing_key", compromised=reason)
        with pytest.raises(CommandError, match="the reason is empty"):
            run("rotate_signing_key", f"--compromised={reason}")

    assert SigningKey.objects.get() == key
    assert key.ended_at is None


def test_the_commands_say_what_to_do_about_a_lost_file():
    technology = catalog.technology()
    key = SigningKey.objects.get()
    kept = file_of(key).read_bytes()
    lose(key)
    catalog.take(technology, "suspend")

    with pytest.raises(CommandError) as refused:
        run("sign_versions")

    said = str(refused.value)
    assert str(file_of(key)) in said
    for way in ("your backup", "sign_versions", "rotate_signing_key --compromised REASON"):
        assert way in said
    file_of(key).write_bytes(kept)
    assert run("sign_versions") == "1 versions were signed"


def test_a_lost_key_is_rotated_and_the_rest_signed():
    technology = catalog.technology()
    first = SigningKey.objects.get()
    lose(first)
    catalog.take(technology, "suspend")

    said = run("rotate_signing_key")

    assert said.endswith("1 versions were signed")
    assert [genuine(one) for one in SignedRecord.objects.all()] == [True, True]


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\n", b"other"])
def test_a_file_that_is_another_key_signs_nothing(content):
    technology = catalog.technology()
    key = SigningKey.objects.get()
    if content == b"other":
        keys.rotate()
        content, key = file_of(key).read_bytes(), SigningKey.objects.get(ended_at=None)
    file_of(key).write_bytes(content)

    catalog.take(technology, "suspend")

    assert technology.versions.get(number=2).signed_records.count() == 0
    with pytest.raises(keys.KeyMissingError, match="is not at"):
        keys.private_half(key)


# At once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_very_first_key_is_made_once():
    def begin():
        with transaction.atomic():
            return keys.current()[0].public_key

    said = at_once(begin, begin, begin)

    assert {SigningKey.objects.get().public_key} == set(said)


@pytest.mark.django_db(transaction=True)
def test_who_rotates_waits_for_who_signs():
    technologies = catalog.technologies(3)
    old = SigningKey.objects.get()

    at_once(
        *(lambda one=one: catalog.take(one, "suspend") for one in technologies),
        lambda: keys.rotate(compromised="Stolen."),
    )
    signed = sum(signing.sign_missing())

    assert signed == SignedRecord.objects.filter(key=old).count()
    for version in TechnologyVersion.objects.all():
        assert genuine(version.signed_records.exclude(key=old).get())


@pytest.mark.django_db(transaction=True)
def test_who_signs_does_not_wait_behind_who_wants_to_rotate(monkeypatch):
    """One signs and is not done, one rotates meanwhile, a third signs all the same."""
    monkeypatch.setattr(keys, "PATIENCE", 0.5)
    technology = catalog.technology()
    gate = Barrier(3)

    def slow():
        with transaction.atomic():
            keys.current()
            gate.wait(20)  # the rotation begins
            gate.wait(20)  # the rotation was given up
            return "signed"

    def rotating():
        gate.wait(20)
        try:
            return keys.rotate()
        finally:
            gate.wait(20)

    def quick():
        gate.wait(20)
        try:
            return catalog.take(technology, "suspend").status
        finally:
            gate.wait(20)

    first, second, third = at_once(slow, rotating, quick)

    assert (first, third) == ("signed", "suspended")
    assert isinstance(second, DomainError)
    assert SigningKey.objects.count() == 1
