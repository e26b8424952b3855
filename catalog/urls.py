from django.urls import path

from catalog import views

app_name = "catalog"

urlpatterns = [
    path("", views.technology_list, name="technology-list"),
    path("<uuid:id>/", views.technology_detail, name="technology-detail"),
    path("<uuid:id>/record.json", views.technology_record, name="technology-record"),
]
