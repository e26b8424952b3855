from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("", views.start, name="start"),
    path("progress/", views.progress, name="progress"),
    path("mails/", views.mail_list, name="mail-list"),
    path("mails/<uuid:mail_id>/", views.mail_detail, name="mail-detail"),
]
