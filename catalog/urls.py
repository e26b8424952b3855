from django.urls import path

from catalog.api.views import description
from catalog.views import holder, public

app_name = "catalog"

urlpatterns = [
    path("", public.technology_list, name="technology-list"),
    path("api/", description.page, name="api"),
    path("<uuid:id>/", public.technology_detail, name="technology-detail"),
    path("<uuid:id>/record.json", public.technology_record, name="technology-record"),
    path("<uuid:id>/holder/", holder.listing, name="listing"),
    path("<uuid:id>/holder/renewal/", holder.ask_renewal, name="listing-renewal"),
    path(
        "<uuid:id>/holder/measures/<int:measure_id>/answer/",
        holder.answer,
        name="listing-answer",
    ),
]
