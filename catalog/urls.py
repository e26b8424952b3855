from django.urls import path

from catalog.views import holder, papers, public, versions

app_name = "catalog"

urlpatterns = [
    path("", public.technology_list, name="technology-list"),
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
    path("<uuid:id>/holder/", holder.listing, name="listing"),
    path("<uuid:id>/holder/renewal/", holder.ask_renewal, name="listing-renewal"),
    path(
        "<uuid:id>/holder/measures/<int:measure_id>/answer/",
        holder.answer,
        name="listing-answer",
    ),
]
