from django.urls import include, path

from evaluation.views import desk, public, work

app_name = "evaluation"

# assignments/<id>/: what an expert was asked to score
assignment_urls = [
    path("", work.invitation, name="invitation"),
    path("steps/<slug:step>/", work.invitation_step, name="invitation-step"),
    path("scores/", desk.scoring_desk, name="scoring-desk"),
    path("scores/check/", desk.scoring_check, name="scoring-check"),
]

urlpatterns = [
    path("work/", work.work_list, name="work-list"),
    path("assignments/<uuid:assignment_id>/", include(assignment_urls)),
    path(
        "declarations/<uuid:declaration_id>/decision/",
        public.decision_detail,
        name="decision-detail",
    ),
    path("publicity/", public.publicity_list, name="publicity-list"),
    path("criteria/<slug:code>/<int:version>/", public.criteria_detail, name="criteria-detail"),
    path(
        "criteria/<slug:code>/<int:version>/document.json",
        public.criteria_document,
        name="criteria-document",
    ),
]
