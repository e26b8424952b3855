"""Addresses. The language is the first part of the path; "/" only chooses one."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from pool_portal import views
from submissions.views import attachments

handler400 = "pool_portal.views.bad_request"
handler403 = "django.views.defaults.permission_denied"
handler404 = "django.views.defaults.page_not_found"
handler500 = "pool_portal.views.server_error"

urlpatterns = [
    # LocaleMiddleware has chosen by Accept-Language, so "home" is the home of that language.
    path("", RedirectView.as_view(pattern_name="home", query_string=True), name="root"),
    path("healthz", views.healthz, name="healthz"),
    # What others sent lies apart from the pages: a front server may give it a host of its own.
    path("files/<uuid:attachment_id>/", attachments.serve, name="file"),
    path("files/<uuid:attachment_id>/pages/<int:page>.png", attachments.page, name="file-page"),
    path("api/v1/", include("catalog.api.urls")),
    path("", include("catalog.harvest.urls")),
    # What is signed, printed or embedded elsewhere: addresses without a language, for ever.
    path("", include("catalog.trust.urls")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("components/", views.components, name="components"),
        path("work/", views.workplace, name="workplace"),
        path("accounts/", include("allauth.account.urls")),
        path("accounts/2fa/", include("allauth.mfa.urls")),
        path("account/", include("accounts.urls")),
        path("", include("submissions.urls")),
        path("evaluation/", include("evaluation.urls")),
        path("catalogue/", include("catalog.urls")),
        *([path("demo/", include("demo.urls"))] if settings.DEMO else []),
        path("admin/", admin.site.urls),
        prefix_default_language=True,
    ),
]
