"""Addresses that are in no language: each begins at the root of the portal."""

from django.urls import path

from catalog.views import harvest

app_name = "harvest"

urlpatterns = [
    path("oai", harvest.oai, name="oai"),
    path("oai/tp.xsd", harvest.own_schema, name="own-schema"),
    path("catalogue/<uuid:id>", harvest.item, name="item"),
]
