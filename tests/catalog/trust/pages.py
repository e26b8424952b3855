"""Public addresses of signed records, asked as a stranger asks: no cookie, no token."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.trust import verifying
from tests.catalog.addresses import address

KEYS = "/.well-known/technology-pool-keys.json"
LIST = "/.well-known/technology-pool-delisted.json"


def record_of(technology, version=None):
    middle = f"/versions/{version}" if version else ""
    return f"/records/{technology.number}{middle}.json"


def known():
    return verifying.keys_of(json.loads(Client().get(KEYS).content))


def check(**asked):
    """Ask the page as a browser does that has no cookie and sends no token."""
    return Client(enforce_csrf_checks=True).get(address("check"), asked)


def bring(content=None, **more):
    given = dict(more)
    if content is not None:
        given["record"] = SimpleUploadedFile("record.json", content)
    return Client(enforce_csrf_checks=True).post(address("check"), given)


def found(answer):
    finding = answer.context["finding"]
    return finding and (finding.tone, finding.title)


def facts(answer):
    return {str(one["label"]): one["value"] for one in answer.context["finding"].facts}
