"""Files sent in parts, as a browser with the protocol tus 1.0 sends them."""

import base64
from typing import Any

from django.test import Client
from django.urls import reverse

from submissions.models import Declaration

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
PART = "application/offset+octet-stream"


def metadata(**told: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())


def begin(client: Client, declaration: Declaration, size: int, **told: str) -> Any:
    """Announce a test report for the section of performance; ``told`` says otherwise."""
    said = {"filename": "report.pdf", "section": "performance", "kind": "test_report", **told}
    return client.post(
        reverse("submissions:uploads", args=[declaration.pk]),
        headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**said)},
    )


def part(client: Client, url: str, offset: int, content: bytes, **headers: str) -> Any:
    return client.patch(
        url,
        content,
        content_type=PART,
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )


def where(client: Client, url: str) -> Any:
    return client.head(url, headers=TUS)
