from django.urls import include, path

from evaluation.views import (
    avoidance,
    clarifications,
    desk,
    dossiers,
    letters,
    nominations,
    objections,
    panel,
    pool,
    public,
    publicity,
    put_forward,
    score_files,
    verifications,
    versions,
    work,
)

app_name = "evaluation"

# assignments/<id>/: what an expert was asked to score
assignment_urls = [
    path("", work.invitation, name="invitation"),
    path("steps/<slug:step>/", work.invitation_step, name="invitation-step"),
    path("conflict/", work.late_conflict, name="late-conflict"),
    path("scores/", desk.scoring_desk, name="scoring-desk"),
    path("scores/evidence/", desk.scoring_evidence, name="scoring-evidence"),
    path("scores/save/", desk.scoring_autosave, name="scoring-autosave"),
    path("scores/print/", score_files.scoring_print, name="scoring-print"),
    path("scores/file/", score_files.scoring_file, name="scoring-file"),
    path("scores/file/blank/", score_files.scoring_workbook, name="scoring-workbook"),
    path("scores/check/", desk.scoring_check, name="scoring-check"),
    path("dossier/", dossiers.dossier, name="dossier"),
    path("dossier/file/", dossiers.dossier_file, name="dossier-file"),
    path("newer/", versions.newer_version, name="newer-version"),
    path("questions/", clarifications.clarification_ask, name="clarification-ask"),
]

# experts/: the pool, for the person who is or would be in it
expert_urls = [
    path("", pool.expert_pool, name="expert-pool"),
    path("apply/", pool.expert_apply, name="expert-apply"),
    path("profile/", pool.expert_profile, name="expert-profile"),
    path("profile/edit/", pool.expert_edit, name="expert-edit"),
    path("profile/steps/<slug:step>/", pool.expert_step, name="expert-step"),
    path("profile/history/add/", pool.employment_add, name="employment-add"),
    path("profile/history/<int:employment_id>/end/", pool.employment_end, name="employment-end"),
    path("profile/connections/add/", pool.connection_add, name="connection-add"),
    path("profile/away/add/", pool.absence_add, name="absence-add"),
    path("profile/away/<int:absence_id>/remove/", pool.absence_remove, name="absence-remove"),
    path("nominations/<str:token>/", nominations.nomination, name="nomination"),
    path(
        "nominations/<str:token>/decline/",
        nominations.nomination_decline,
        name="nomination-decline",
    ),
    path(
        "nominations/<str:token>/consent/",
        nominations.nomination_consent,
        name="nomination-consent",
    ),
]

# panels/: meetings, for the experts who sit on them
panel_urls = [
    path("", panel.panel_list, name="panel-list"),
    path("<uuid:meeting_id>/", panel.panel, name="panel"),
    path("<uuid:meeting_id>/promise/", panel.panel_promise, name="panel-promise"),
    path("<uuid:meeting_id>/minutes/", panel.panel_minutes, name="panel-minutes"),
    path("<uuid:meeting_id>/minutes/pdf/", panel.panel_minutes_file, name="panel-minutes-file"),
    path("<uuid:meeting_id>/items/<uuid:item_id>/", panel.panel_item, name="panel-item"),
    path(
        "<uuid:meeting_id>/items/<uuid:item_id>/files/<uuid:file_id>/",
        panel.panel_file,
        name="panel-file",
    ),
    path("<uuid:meeting_id>/items/<uuid:item_id>/vote/", panel.panel_vote, name="panel-vote"),
    path("<uuid:meeting_id>/items/<uuid:item_id>/note/", panel.panel_note, name="panel-note"),
    path("<uuid:meeting_id>/items/<uuid:item_id>/recuse/", panel.panel_recuse, name="panel-recuse"),
]

urlpatterns = [
    path("panels/", include(panel_urls)),
    path("experts/", include(expert_urls)),
    path(
        "organisations/<uuid:organisation_id>/nominations/",
        put_forward.put_forward,
        name="put-forward",
    ),
    path(
        "organisations/<uuid:organisation_id>/nominations/<uuid:nomination_id>/withdraw/",
        put_forward.put_forward_withdraw,
        name="put-forward-withdraw",
    ),
    path("work/", work.work_list, name="work-list"),
    path("assignments/<uuid:assignment_id>/", include(assignment_urls)),
    path(
        "declarations/<uuid:declaration_id>/decision/",
        public.decision_detail,
        name="decision-detail",
    ),
    path(
        "declarations/<uuid:declaration_id>/decision/letter/",
        letters.decision_letter,
        name="decision-letter",
    ),
    path("declarations/<uuid:declaration_id>/avoidance/", avoidance.avoidance, name="avoidance"),
    path(
        "declarations/<uuid:declaration_id>/avoidance/<int:request_id>/withdraw/",
        avoidance.withdraw,
        name="avoidance-withdraw",
    ),
    path(
        "declarations/<uuid:declaration_id>/questions/",
        clarifications.clarification_list,
        name="clarification-list",
    ),
    path(
        "declarations/<uuid:declaration_id>/questions/<uuid:clarification_id>/",
        clarifications.clarification_answer,
        name="clarification-answer",
    ),
    path("publicity/", publicity.publicity_list, name="publicity-list"),
    path("publicity/<uuid:case_id>/", publicity.publicity_entry, name="publicity-entry"),
    path("publicity/<uuid:case_id>/objection/", objections.objection_form, name="objection-form"),
    path("objections/<str:token>/", objections.objection, name="objection"),
    path(
        "objections/<str:token>/files/<uuid:file_id>/",
        objections.objection_file,
        name="objection-file",
    ),
    path("objections/<str:token>/<slug:step>/", objections.objection_step, name="objection-step"),
    path(
        "declarations/<uuid:declaration_id>/objections/",
        objections.objection_list,
        name="objection-list",
    ),
    path(
        "declarations/<uuid:declaration_id>/objections/<uuid:objection_id>/",
        objections.objection_answer,
        name="objection-answer",
    ),
    path(
        "declarations/<uuid:declaration_id>/verifications/",
        verifications.verification_list,
        name="verification-list",
    ),
    path(
        "declarations/<uuid:declaration_id>/verifications/<uuid:verification_id>/",
        verifications.verification_answer,
        name="verification-answer",
    ),
    path("criteria/", public.criteria_list, name="criteria-list"),
    path("criteria/<slug:code>/<int:version>/", public.criteria_detail, name="criteria-detail"),
    path(
        "criteria/<slug:code>/<int:version>/document.json",
        public.criteria_document,
        name="criteria-document",
    ),
]
