"""The storage has what the rows say, and nothing else."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from submissions import services
from submissions.files.scanning import ATTACHMENTS
from submissions.models import Attachment
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("verify_files", *options, stdout=out)
    return out.getvalue()


def lay(name: str, *, days: int) -> str:
    """Put bytes into the storage that no row names, so many days ago."""
    stored = default_storage.save(name, ContentFile(b"left behind"))
    then = time.time() - days * 86_400
    os.utime(default_storage.path(stored), (then, then))
    return stored


def rewrite(attachment: Attachment, content: bytes) -> None:
    Path(attachment.file.path).write_bytes(content)


def test_all_is_there():
    draft = build.draft()
    build.attachment(draft)
    build.attachment(draft)

    assert said() == "2 files, 0 missing, 0 different, 0 named by no row\n"


def test_a_missing_file_and_one_with_other_bytes_are_named():
    draft = build.draft()
    gone, changed = build.attachment(draft), build.attachment(draft)
    Path(gone.file.path).unlink()
    rewrite(changed, b"%PDF other bytes")
    out = io.StringIO()

    with pytest.raises(CommandError, match="2 files, 1 missing, 1 different, 0 named by no row"):
        call_command("verify_files", stdout=out)

    assert out.getvalue() == f"  missing: {gone.file.name}\n  different: {changed.file.name}\n"


def test_quick_reads_nothing():
    rewrite(build.attachment(build.draft()), b"%PDF other bytes")

    assert said("--quick") == "1 files, 0 missing, 0 different, 0 named by no row\n"


def test_what_no_row_has_named_for_a_week_is_deleted_when_asked():
    kept = build.attachment(build.draft())
    old, young = lay("attachments/old.pdf", days=8), lay("logos/young.png", days=6)

    assert said() == f"  no row names: {old}\n1 files, 0 missing, 0 different, 1 named by no row\n"
    assert default_storage.exists(old)
    assert "1 files that no row names were deleted" in said("--delete-strays")

    assert not default_storage.exists(old)
    assert default_storage.exists(young)
    assert default_storage.exists(kept.file.name)


def test_bytes_whose_deletion_failed_are_strays(django_capture_on_commit_callbacks):
    draft = build.draft()
    removed, infected = build.attachment(draft), build.attachment(draft)
    services.remove_attachment(removed.pk, actor=accounts.owner_of(draft.organisation))
    ATTACHMENTS.perform("find", infected.pk, actor=None, finding="Test")
    for one in (removed, infected):
        os.utime(one.file.path, (0, 0))

    found = said()  # what runs after the commit never ran

    assert found.endswith("0 files, 0 missing, 0 different, 2 named by no row\n")


def test_nothing_is_deleted_while_something_is_missing():
    """The database may be another than the storage's."""
    gone = build.attachment(build.draft())
    Path(gone.file.path).unlink()
    old = lay("attachments/old.pdf", days=8)

    with pytest.raises(CommandError, match="1 missing"):
        said("--delete-strays")

    assert default_storage.exists(old)
