"""Addresses that are in no language: each begins at the root of the portal."""

from django.urls import path

from catalog.views import harvest, machines

app_name = "harvest"

urlpatterns = [
    path("oai", harvest.oai, name="oai"),
    path("oai/tp.xsd", harvest.own_schema, name="own-schema"),
    path("catalogue/dcat", harvest.catalogue, name="dcat"),
    path("catalogue/dcat.ttl", harvest.catalogue, {"form": harvest.TURTLE}, name="dcat-turtle"),
    path("catalogue/dcat.jsonld", harvest.catalogue, {"form": harvest.JSON_LD}, name="dcat-json"),
    path("catalogue/<uuid:id>", harvest.item, name="item"),
    path("catalogue/bulk/manifest.json", machines.bulk_manifest, name="bulk-manifest"),
    path("catalogue/bulk/<str:name>", machines.bulk_newest, name="bulk-newest"),
    path("catalogue/bulk/<str:folder>/<str:name>", machines.bulk_file, name="bulk-file"),
    path("sitemap.xml", harvest.sitemap, name="sitemap"),
    path("sitemap/pages.xml", harvest.sitemap_pages, name="sitemap-pages"),
    path("sitemap/<int:block>.xml", harvest.sitemap_technologies, name="sitemap-technologies"),
    path("robots.txt", harvest.robots, name="robots"),
]
