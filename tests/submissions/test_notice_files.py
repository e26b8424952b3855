"""The files of a notice: nobody waits while one is looked into, each is scanned, none is left."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from core.errors import DomainError
from submissions import cloning, notices
from submissions.files import scanning, uploads
from submissions.models import Activity, Annex, Supporter
from tests.builders import accounts, hostile_files
from tests.builders import notices as build_notices
from tests.builders import submissions as build
from tests.submissions.scanners import scanner_saying
from tests.submissions.test_hostile_uploads import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


def jpeg_logo() -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.jpg", hostile_files.jpeg())


@pytest.fixture
def officer():
    return accounts.officer()


def _locked_elsewhere(activity: Activity) -> bool:
    """Say whether another connection would have to wait for the activity."""
    found: list[int] = []

    def look() -> None:
        with transaction.atomic():
            rows = Activity.objects.select_for_update(skip_locked=True, no_key=True)
            found.append(rows.filter(pk=activity.pk).count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found == [0]


def test_nobody_waits_while_a_file_is_looked_into_scanned_and_stored(officer, monkeypatch):
    activity = build.open_activity()
    seen: dict[str, bool] = {}

    def noting(place: Any, name: str) -> None:
        real = getattr(place, name)

        def note(*args: Any, **more: Any) -> Any:
            seen[name] = _locked_elsewhere(activity)
            return real(*args, **more)

        monkeypatch.setattr(place, name, note)

    noting(uploads, "inspect")
    noting(scanning, "look_on_arrival")
    noting(FileSystemStorage, "_save")
    build_notices.annex(activity, actor=officer)
    build_notices.supporter(activity, actor=officer)

    assert seen == {"inspect": False, "look_on_arrival": False, "_save": False}


def test_nothing_is_looked_into_for_who_may_not(monkeypatch):
    activity = build.open_activity()
    monkeypatch.setattr(uploads, "inspect", lambda *_args: pytest.fail("looked into"))

    with pytest.raises(PermissionDenied):
        build_notices.annex(activity, actor=accounts.user())
    with pytest.raises(PermissionDenied):
        build_notices.supporter(activity, actor=accounts.user())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            b"stream: Eicar-Test FOUND\0",
            "Malware was found in this file (Eicar-Test); nothing of it was kept.",
        ),
        (
            b"",  # hangs up
            "The malware scanner does not answer. Please try again in a few minutes.",
        ),
    ],
)
def test_what_is_not_clean_is_refused(officer, settings, tmp_path, said, sentence):
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd")
    activity = build.prepared_activity()
    makers = ((build_notices.annex, "file"), (build_notices.supporter, "logo"))

    with scanner_saying(said, settings.CLAMD_ADDRESS, times=len(makers)):
        for make, field in makers:
            with pytest.raises(DomainError) as refused:
                make(activity, actor=officer)
            assert (str(refused.value), refused.value.field) == (sentence, field)
    assert (Annex.objects.count(), Supporter.objects.count(), everything_stored()) == (0, 0, [])


def test_an_exchanged_file_and_a_removed_logo_leave_nothing(officer):
    activity = build.prepared_activity()
    annex = build_notices.annex(activity, actor=officer)
    supporter = build_notices.supporter(activity, actor=officer)

    annex = notices.save_annex(annex.pk, actor=officer, file=build.pdf("other.pdf"))
    supporter = notices.save_supporter(supporter.pk, actor=officer, logo=jpeg_logo())
    assert sorted(everything_stored()) == sorted([str(annex.file.name), str(supporter.logo.name)])
    assert supporter.logo_type == "image/jpeg"

    notices.save_supporter(supporter.pk, actor=officer, logo=False)
    assert everything_stored() == [annex.file.name]


def test_a_change_that_is_refused_keeps_the_old_file_and_nothing_of_the_new(officer):
    activity = build.open_activity()
    annex = build_notices.annex(activity, actor=officer)

    with pytest.raises(DomainError, match="cannot change while the activity is open"):
        notices.save_annex(annex.pk, actor=officer, file=build.pdf("other.pdf"))
    with pytest.raises(DomainError):
        build_notices.supporter(activity, actor=officer, names={})

    assert everything_stored() == [annex.file.name]


def test_a_lost_file_keeps_no_new_activity_from_being_made(officer):
    source = build.prepared_activity()
    lost, kept = (build_notices.annex(source, actor=officer, order=n) for n in (1, 2))
    supporter = build_notices.supporter(source, actor=officer)
    for one in (lost.file, supporter.logo):
        one.storage.delete(str(one.name))

    made = cloning.clone_activity(source, actor=officer, **values_like(source))

    assert Annex.objects.get(activity=made).sha256 == kept.sha256
    assert Supporter.objects.get(activity=made).logo.name == ""


def values_like(source: Activity) -> dict[str, Any]:
    return {
        "code": "TP-NEW",
        "titles": source.titles,
        "notices": source.notices,
        "field_codes": list(source.fields.values_list("pk", flat=True)),
        "scheme": source.scheme,
        "opens_at": source.opens_at,
        "closes_at": source.closes_at,
        "publicity_days": 0,
    }


def test_what_an_officer_prepares_is_kept_by_no_cache(officer):
    prepared, opened = build.prepared_activity(), build.open_activity()
    client = accounts.signed_in(officer)
    said = {}
    for activity in (prepared, opened):
        annex = build_notices.annex(activity, actor=officer)
        answer = client.get(reverse("submissions:annex-download", args=[activity.code, annex.pk]))
        answer.getvalue()
        said[activity.code] = set(answer["Cache-Control"].split(", "))

    assert {"private", "no-store"} <= said[prepared.code]
    assert said[opened.code] == {"public", "max-age=300"}
