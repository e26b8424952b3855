from django.urls import path, re_path

from submissions.views import (
    activities,
    activity_feed,
    attachments,
    autosave,
    changes,
    comparison,
    declarations,
    filing,
    joint,
    printing,
    profiles,
    proposals,
    recommendations,
    saved_texts,
    sections,
    translations,
    uploads,
)

app_name = "submissions"
DECLARATION = "declarations/<uuid:declaration_id>/"
SECTION = f"{DECLARATION}sections/<slug:section>/"
ORGANISATION = "organisations/<uuid:organisation_id>/"
KEY = "(?P<declaration_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
VERSION = f"{DECLARATION}versions/<int:number>/"

urlpatterns = [
    path("activities/", activities.activity_list, name="activity-list"),
    path("activities/feed.atom", activity_feed.activity_feed, name="activity-feed"),
    path("activities/<slug:code>/", activities.activity_detail, name="activity-detail"),
    path("activities/<slug:code>/annexes/<int:annex_id>/", activities.annex, name="annex-download"),
    path(
        "activities/<slug:code>/supporters/<int:supporter_id>/logo/",
        activities.logo,
        name="supporter-logo",
    ),
    path("activities/<slug:code>/declare/", declarations.start, name="declaration-start"),
    path("recommendations/<str:token>/", recommendations.answer, name="recommendation"),
    path("joint-applicants/<str:token>/", joint.answer, name="joint-confirmation"),
    path(f"{DECLARATION}joint/", joint.confirmations, name="declaration-joint"),
    path(f"{DECLARATION}unit/", recommendations.unit, name="declaration-unit"),
    path("declarations/", declarations.declaration_list, name="declaration-list"),
    path(DECLARATION, declarations.detail, name="declaration-detail"),
    path(SECTION, sections.section, name="declaration-section"),
    path(f"{SECTION}autosave/", autosave.autosave, name="declaration-autosave"),
    path(f"{SECTION}presence/", autosave.presence, name="declaration-presence"),
    path(f"{SECTION}compare/", comparison.comparison, name="declaration-comparison"),
    path(f"{SECTION}saved/", saved_texts.saved_texts, name="declaration-saved-texts"),
    path(
        f"{DECLARATION}translations/<slug:language>/",
        translations.translation,
        name="declaration-translation",
    ),
    path(f"{DECLARATION}uploads/", uploads.uploads, name="uploads"),
    path(f"{DECLARATION}uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path(
        f"{DECLARATION}proposals/<int:correction_id>/",
        proposals.proposal,
        name="declaration-proposal",
    ),
    path(f"{DECLARATION}check/", filing.check, name="declaration-check"),
    path(f"{DECLARATION}steps/<slug:step>/", filing.step, name="declaration-step"),
    path(
        f"{DECLARATION}changes/<int:before>/<int:after>/",
        changes.changes,
        name="declaration-changes",
    ),
    path(VERSION, filing.version, name="declaration-version"),
    path(f"{VERSION}document.json", filing.document, name="declaration-document"),
    path(f"{VERSION}receipt/", filing.receipt, name="declaration-receipt"),
    re_path(
        rf"^declarations/{KEY}/versions/(?P<number>\d+)/declaration\.(?P<kind>pdf|docx)$",
        printing.version,
        name="declaration-version-print",
    ),
    re_path(
        rf"^declarations/{KEY}/draft\.(?P<kind>pdf|docx)$",
        printing.draft,
        name="declaration-draft-print",
    ),
    path(f"{ORGANISATION}profile/", profiles.profile, name="profile"),
    path(f"{ORGANISATION}profile/<slug:section>/", profiles.section, name="profile-section"),
    path("attachments/<uuid:attachment_id>/", attachments.download, name="attachment-download"),
    path(
        "files/<uuid:attachment_id>/preview/<int:page>/",
        attachments.preview,
        name="attachment-preview",
    ),
]
