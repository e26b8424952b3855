from django.urls import path

from catalog.views import enquiries, enquiries_held, holder, papers, public, versions

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
    path("<uuid:id>/holder/renewal/", holder.ask_renewal, name="listing-renewal"),
    path(
        "<uuid:id>/holder/measures/<int:measure_id>/answer/",
        holder.answer,
        name="listing-answer",
    ),
]
