"""Addresses of sent mail in embedded mode, under /dev/mail/."""

from django.urls import path

from notifications.views import dev

app_name = "devmail"

urlpatterns = [
    path("", dev.mails, name="mails"),
    path("<str:public_id>/", dev.one_mail, name="one_mail"),
    path("<str:public_id>/html/", dev.mail_html, name="mail_html"),
]
