"""The two commands that check a record: the portal's, and the one file that needs no portal."""

import datetime as dt
import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from catalog.trust import keys, signing
from core.canonical import canonical_json
from tests.builders import catalog, clock
from tests.catalog.trust.documents import PROGRAM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

PUBLIC = {
    "keys": "/.well-known/technology-pool-keys.json",
    "list": "/.well-known/technology-pool-delisted.json",
}


@pytest.fixture
def folder(tmp_path):
    """A folder of what somebody fetched from the portal; ``fetch`` puts things into it."""
    return tmp_path / "fetched"


def fetch(folder, technology=None):
    """Fetch keys and list, and the record of a technology."""
    folder.mkdir(exist_ok=True)
    paths = dict(PUBLIC)
    if technology is not None:
        paths["record"] = f"/records/{technology.number}.json"
    for name, path in paths.items():
        (folder / f"{name}.json").write_bytes(Client().get(path).content)


def program(folder, *more, encoding="utf-8"):
    """Run the file alone, as another machine would: no packages, no settings; (status, words)."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", PROGRAM, "record.json", "--keys", "keys.json", *more],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": encoding},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def command(folder, *more, name="record"):
    """Run the portal's command; (status, words)."""
    said, status = StringIO(), 0
    try:
        call_command("verify_record", str(folder / f"{name}.json"), *more, stdout=said, stderr=said)
    except SystemExit as ended:
        status = int(str(ended.code))
    except CommandError as error:
        status = error.returncode
        said.write(str(error))
    return status, said.getvalue()


def both(folder, *, listed=False):
    """Ask both and return (status, status, words of both)."""
    brought = [str(folder / f"{name}.json") for name in ("keys", "list")]
    more = ("--revocations", brought[1]) if listed else ()
    first, told = program(folder, *more)
    second, said = command(folder, "--keys", brought[0], *more)
    return first, second, told + said


def test_a_genuine_record(folder):
    technology = catalog.technology(title="Membrane bioreactor")
    fetch(folder, technology)

    first, second, said = both(folder)

    assert (first, second) == (0, 0)
    assert said.count(f"GENUINE. {technology.number}, version 1") == 2
    assert "title: Membrane bioreactor" in said
    assert said.count("was not looked up") == 2
    assert command(folder)[0] == 0  # with the keys of the portal itself


def test_a_listed_one_with_a_fresh_list(folder):
    fetch(folder, catalog.technology())

    first, second, said = both(folder, listed=True)

    assert (first, second) == (0, 0)
    assert said.count("Not among those no longer listed") == 2


def test_a_revoked_one_with_a_fresh_list(folder):
    technology = catalog.technology()
    fetch(folder, technology)
    catalog.take(technology, "revoke")
    fetch(folder)

    first, second, said = both(folder, listed=True)

    assert (first, second) == (3, 3)
    assert said.count("NOT LISTED ANY MORE: revoked since ") == 2


def test_one_that_was_changed(folder):
    fetch(folder, catalog.technology(title="Membrane bioreactor"))
    record = folder / "record.json"
    record.write_bytes(record.read_bytes().replace(b"Membrane", b"Nembrane"))

    first, second, said = both(folder)

    assert (first, second) == (1, 1)
    assert said.count("NOT GENUINE. The signature does not fit") == 2


def test_an_old_one_with_rotated_keys(folder):
    technology = catalog.technology()
    fetch(folder, technology)
    keys.rotate()
    catalog.technology()
    fetch(folder)

    assert both(folder)[:2] == (0, 0)
    keys.rotate(compromised="Stolen.")
    fetch(folder)
    assert both(folder)[:2] == (0, 0)


def test_one_of_a_compromised_key(folder):
    fetch(folder, catalog.technology())
    keys.rotate(compromised="Stolen.")
    fetch(folder)

    first, second, said = both(folder)

    assert (first, second) == (1, 1)
    assert said.count("a key that somebody else may have") == 2


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
def test_a_terminal_that_cannot_print_it_makes_no_record_false(folder, encoding):
    technology = catalog.technology(title="Ångström filter é", title_zh="垃圾渗滤液膜 é")
    fetch(folder, technology)

    status, said = program(folder, encoding=f"{encoding}:strict")

    assert status == 0
    assert f"GENUINE. {technology.number}, version 1" in said


def test_what_the_program_was_not_made_for_is_not_called_false(folder):
    """A record of another portal perhaps: signed, with titles in a form nobody knows here."""
    fetch(folder, catalog.technology())
    document = json.loads((folder / "record.json").read_bytes())
    del document["proof"]
    document["credentialSubject"]["record"]["titles"] = ["Membrane bioreactor"]
    (folder / "record.json").write_bytes(canonical_json(signing.signed_document(document)[0]))

    status, said = program(folder)

    assert status == 2
    assert "It could not be checked: AttributeError" in said


@pytest.mark.parametrize(("minutes", "status"), [(4, 0), (6, 2)])
def test_a_clock_that_is_a_little_slow_refuses_no_fresh_list(folder, minutes, status):
    clock.stop(timezone.now() + dt.timedelta(minutes=minutes))
    fetch(folder, catalog.technology())
    clock.tick()

    assert both(folder, listed=True)[:2] == (status, status)


def test_an_old_list_and_one_that_is_none(folder):
    clock.stop(timezone.now() - dt.timedelta(days=30))
    fetch(folder, catalog.technology())
    clock.tick()

    first, second, said = both(folder, listed=True)
    assert (first, second) == (2, 2)
    assert "is not fresh" in said
    assert "too old" in said

    (folder / "list.json").write_bytes((folder / "record.json").read_bytes())
    first, second, said = both(folder, listed=True)
    assert (first, second) == (2, 2)
    assert said.count("list") >= 2


@pytest.mark.parametrize("broken", ["record", "keys"])
def test_what_is_not_there_or_no_key_document(folder, broken):
    fetch(folder, catalog.technology())
    (folder / f"{broken}.json").unlink()
    assert both(folder)[:2] == (2, 2)

    (folder / f"{broken}.json").write_text("{}")

    assert both(folder)[:2] == ((1, 1) if broken == "record" else (2, 2))
