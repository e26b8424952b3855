from django.urls import path

from accounts.views import data, invitations, members, organisations, profile

app_name = "accounts"
ORGANISATION = "organisations/<uuid:organisation_id>"
MEMBER = f"{ORGANISATION}/members/<int:member_id>"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("data/", data.data, name="data"),
    path("data/export/", data.data_export, name="data-export"),
    path("data/erase/", data.data_erase, name="data-erase"),
    path("organisations/new/", organisations.organisation_create, name="organisation-create"),
    path(f"{ORGANISATION}/", organisations.organisation_detail, name="organisation-detail"),
    path(f"{ORGANISATION}/edit/", organisations.organisation_edit, name="organisation-edit"),
    path(f"{ORGANISATION}/leave/", members.organisation_leave, name="organisation-leave"),
    path(f"{ORGANISATION}/members/", members.member_list, name="member-list"),
    path(f"{MEMBER}/", members.member_detail, name="member-detail"),
    path(f"{MEMBER}/remove/", members.member_remove, name="member-remove"),
    path(f"{MEMBER}/transfer/", members.member_transfer, name="member-transfer"),
    path(
        "invitations/<uuid:invitation_id>/send-again/",
        invitations.invitation_send_again,
        name="invitation-send-again",
    ),
    path(
        "invitations/<uuid:invitation_id>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<str:token>/accept/", invitations.invitation_accept, name="invitation-accept"
    ),
]
