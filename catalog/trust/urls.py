"""Addresses that are signed, printed or embedded: without a language, and for ever."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from catalog.views import trust

app_name = "trust"


class NumberConverter:
    """The number of a listing; nothing else is asked of the database, which takes not all text."""

    regex = "[A-Z0-9-]{1,40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class VersionConverter(IntConverter):
    """The number of a version: of no more digits than a column holds."""

    regex = "[0-9]{1,9}"


register_converter(NumberConverter, "listing")
register_converter(VersionConverter, "version")

urlpatterns = [
    path(".well-known/technology-pool-keys.json", trust.keys, name="keys"),
    path(".well-known/technology-pool-delisted.json", trust.delisted, name="delisted"),
    path("records/", trust.records, name="records"),
    path("records/<listing:number>.json", trust.record, name="record"),
    path("records/<listing:number>/versions/<version:version>.json", trust.version, name="version"),
    path("badges/<listing:number>.svg", trust.badge, name="badge"),
    path("check/<str:code>/", trust.code, name="code"),
]
