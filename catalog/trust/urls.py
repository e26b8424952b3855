"""Addresses that are signed, printed or embedded: without a language, and for ever."""

from django.urls import path

from catalog.views import trust

app_name = "trust"

urlpatterns = [
    path(".well-known/technology-pool-keys.json", trust.keys, name="keys"),
    path(".well-known/technology-pool-delisted.json", trust.delisted, name="delisted"),
    path("records/", trust.records, name="records"),
    path("records/<str:number>.json", trust.record, name="record"),
    path("records/<str:number>/versions/<int:version>.json", trust.version, name="version"),
    path("badges/<str:number>.svg", trust.badge, name="badge"),
    path("check/<str:code>/", trust.code, name="code"),
]
