from django.urls import path

from catalog.views import collections, compare, holder, public, saved

app_name = "catalog"

urlpatterns = [
    path("", public.technology_list, name="technology-list"),
    path("compare/", compare.compare, name="compare"),
    path("compare.csv", compare.compare_csv, name="compare-csv"),
    path("collections/", collections.collection_list, name="collections"),
    path("collections/<slug:code>/", collections.collection, name="collection"),
    path("saved/new/", saved.save_search, name="save-search"),
    path("saved/<str:token>/", saved.saved_search, name="saved-search"),
    path("saved/<str:token>/confirm/", saved.saved_search_confirm, name="saved-search-confirm"),
    path("saved/<str:token>/end/", saved.saved_search_end, name="saved-search-end"),
    path("<uuid:id>/", public.technology_detail, name="technology-detail"),
    path("<uuid:id>/record.json", public.technology_record, name="technology-record"),
    path("<uuid:id>/holder/", holder.listing, name="listing"),
    path("<uuid:id>/holder/renewal/", holder.ask_renewal, name="listing-renewal"),
    path("<uuid:id>/holder/confirmation/", holder.attest, name="listing-confirmation"),
    path(
        "<uuid:id>/holder/measures/<int:measure_id>/answer/",
        holder.answer,
        name="listing-answer",
    ),
]
