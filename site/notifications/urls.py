"""Addresses of notices, under /<language>/account/notices/."""

from django.urls import path

from notifications.views import own

app_name = "notifications"

urlpatterns = [
    path("", own.notices, name="notices"),
    path("read/", own.read_all, name="read_all"),
    path("<str:public_id>/", own.open_notice, name="open_notice"),
]
