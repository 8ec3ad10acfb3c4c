"""Addresses of accounts, under /<language>/account/."""

from django.urls import path

from accounts.views import address, own, people, signin

app_name = "accounts"

urlpatterns = [
    path("", own.my_page, name="my_page"),
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.sign_in_code, name="sign_in_code"),
    path("sign-in/again/", signin.send_again, name="send_again"),
    path("sign-in/password/", signin.sign_in_password, name="sign_in_password"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("name/", own.display_name, name="display_name"),
    path("settings/", own.settings, name="settings"),
    path("password/", own.password, name="password"),
    path("email/", address.email, name="email"),
    path("email/code/", address.email_code, name="email_code"),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
    path("data/", own.own_data, name="own_data"),
    path("data/file.json", own.own_data_file, name="own_data_file"),
    path("close/", own.close, name="close"),
    path("closed/", own.closed, name="closed"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.send_invitation, name="invite"),
    path(
        "people/invitations/<str:public_id>/take-back/",
        people.take_back_invitation,
        name="take_back_invitation",
    ),
    path("people/<str:public_id>/", people.person, name="person"),
    path("people/<str:public_id>/verify/", people.verify, name="verify"),
    path("people/<str:public_id>/role/", people.give_role, name="give_role"),
    path("people/<str:public_id>/role/end/", people.end_role, name="end_role"),
    path("people/<str:public_id>/suspend/", people.suspend, name="suspend"),
    path("people/<str:public_id>/reinstate/", people.reinstate, name="reinstate"),
]
