"""Addresses below /api/v1/."""

from django.urls import path

from catalog.api.door import api
from catalog.api.views import description

app_name = "api-v1"
_patterns, _app, _namespace = api.urls
urlpatterns = [
    # Ninja's own page at the root says only that there is none.
    *(one for one in _patterns if getattr(one, "name", "") != "api-root"),
    path("openapi.json", description.openapi, name="openapi"),
]
