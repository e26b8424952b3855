from django.urls import path

from catalog.views import compare, holder, machines, public, trust

app_name = "catalog"

urlpatterns = [
    path("", public.technology_list, name="technology-list"),
    path("feed.atom", machines.feed, {"form": "atom"}, name="feed-atom"),
    path("feed.rss", machines.feed, {"form": "rss"}, name="feed-rss"),
    path("machines/", machines.machines, name="machines"),
    path("machines/fields/", machines.mapping, name="mapping"),
    path("compare/", compare.compare, name="compare"),
    path("compare.csv", compare.compare_csv, name="compare-csv"),
    path("check/", trust.check, name="check"),
    path("<uuid:id>/", public.technology_detail, name="technology-detail"),
    path("<uuid:id>/record.json", public.technology_record, name="technology-record"),
    path("<uuid:id>/holder/", holder.listing, name="listing"),
    path("<uuid:id>/holder/certificate.pdf", holder.certificate, name="listing-certificate"),
    path("<uuid:id>/holder/renewal/", holder.ask_renewal, name="listing-renewal"),
    path(
        "<uuid:id>/holder/measures/<int:measure_id>/answer/",
        holder.answer,
        name="listing-answer",
    ),
]
