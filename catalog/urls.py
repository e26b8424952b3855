from django.urls import path

from catalog.api.views import description
from catalog.views import (
    collections,
    compare,
    enquiries,
    enquiries_held,
    holder,
    machines,
    overviews,
    papers,
    public,
    saved,
    trust,
    versions,
)

app_name = "catalog"

urlpatterns = [
    path("", public.technology_list, name="technology-list"),
    path("api/", description.page, name="api"),
    path("feed.atom", machines.feed, {"form": "atom"}, name="feed-atom"),
    path("feed.rss", machines.feed, {"form": "rss"}, name="feed-rss"),
    path("machines/", machines.machines, name="machines"),
    path("machines/fields/", machines.mapping, name="mapping"),
    path("compare/", compare.compare, name="compare"),
    path("compare.csv", compare.compare_csv, name="compare-csv"),
    path("check/", trust.check, name="check"),
    path("reference-cases/", overviews.reference_cases, name="reference-cases"),
    path("reference-cases.csv", overviews.reference_cases_csv, name="reference-cases-csv"),
    path("statistics/", overviews.statistics_page, name="statistics"),
    path("statistics/<slug:name>.csv", overviews.statistics_csv, name="statistics-csv"),
    path("by/", overviews.browse_by, name="browse-by"),
    *(
        path(f"by/{facet}/<str:code>/", overviews.by_code, {"facet": facet}, name=f"by-{facet}")
        for facet in ("field", "subcategory", "country", "corridor")
    ),
    path("by/holder/<uuid:id>/", overviews.by_holder, name="by-holder"),
    path("by/activity/<slug:code>/", overviews.by_activity, name="by-activity"),
    path("by/earlier-list/<slug:code>/", overviews.by_earlier_list, name="by-earlier-list"),
    path("collections/", collections.collection_list, name="collections"),
    path("collections/<slug:code>/", collections.collection, name="collection"),
    path("saved/new/", saved.save_search, name="save-search"),
    path("saved/<str:token>/", saved.saved_search, name="saved-search"),
    path("saved/<str:token>/confirm/", saved.saved_search_confirm, name="saved-search-confirm"),
    path("saved/<str:token>/end/", saved.saved_search_end, name="saved-search-end"),
    path("<uuid:id>/", public.technology_detail, name="technology-detail"),
    path("<uuid:id>/record.json", public.technology_record, name="technology-record"),
    path("<uuid:id>/sheet.pdf", papers.sheet_file, name="technology-sheet"),
    path(
        "<uuid:id>/citation.bib",
        papers.citation_file,
        {"kind": "bib"},
        name="technology-bib",
    ),
    path(
        "<uuid:id>/citation.ris",
        papers.citation_file,
        {"kind": "ris"},
        name="technology-ris",
    ),
    path("<uuid:id>/versions/", versions.version_list, name="technology-versions"),
    path("<uuid:id>/versions/<int:number>/", versions.version_changes, name="technology-version"),
    path("<uuid:id>/enquiry/", enquiries.enquiry_form, name="enquiry-form"),
    path("enquiries/<str:token>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<str:token>/<slug:step>/", enquiries.enquiry_step, name="enquiry-step"),
    path("<uuid:id>/holder/enquiries/", enquiries_held.enquiry_list, name="holder-enquiries"),
    path(
        "<uuid:id>/holder/enquiries/<uuid:enquiry_id>/",
        enquiries_held.enquiry,
        name="holder-enquiry",
    ),
    path(
        "<uuid:id>/holder/enquiries/<uuid:enquiry_id>/<slug:step>/",
        enquiries_held.enquiry_step,
        name="holder-enquiry-step",
    ),
    path("<uuid:id>/holder/", holder.listing, name="listing"),
    path("<uuid:id>/holder/certificate.pdf", holder.certificate, name="listing-certificate"),
    path("<uuid:id>/holder/renewal/", holder.ask_renewal, name="listing-renewal"),
    path("<uuid:id>/holder/confirmation/", holder.attest, name="listing-confirmation"),
    path(
        "<uuid:id>/holder/measures/<int:measure_id>/answer/",
        holder.answer,
        name="listing-answer",
    ),
]
