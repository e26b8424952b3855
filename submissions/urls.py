from django.urls import path

from submissions.views import activities, attachments, declarations, filing, sections, translations

app_name = "submissions"
DECLARATION = "declarations/<uuid:declaration_id>/"
VERSION = f"{DECLARATION}versions/<int:number>/"

urlpatterns = [
    path("activities/", activities.activity_list, name="activity-list"),
    path("activities/<slug:code>/", activities.activity_detail, name="activity-detail"),
    path("activities/<slug:code>/declare/", declarations.start, name="declaration-start"),
    path("declarations/", declarations.declaration_list, name="declaration-list"),
    path(DECLARATION, declarations.detail, name="declaration-detail"),
    path(f"{DECLARATION}sections/<slug:section>/", sections.section, name="declaration-section"),
    path(
        f"{DECLARATION}translations/<slug:language>/",
        translations.translation,
        name="declaration-translation",
    ),
    path(f"{DECLARATION}check/", filing.check, name="declaration-check"),
    path(f"{DECLARATION}steps/<slug:step>/", filing.step, name="declaration-step"),
    path(VERSION, filing.version, name="declaration-version"),
    path(f"{VERSION}document.json", filing.document, name="declaration-document"),
    path(f"{VERSION}receipt/", filing.receipt, name="declaration-receipt"),
    path("attachments/<uuid:attachment_id>/", attachments.download, name="attachment-download"),
]
