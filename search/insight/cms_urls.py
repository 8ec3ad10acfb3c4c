"""Addresses of what is looked for, hung under /cms/ by ``wagtail_hooks``."""

from django.urls import path

from search.insight import views

app_name = "searches"

urlpatterns = [
    path("", views.searches, name="searches"),
    path("why/", views.why, name="why"),
    path("files/<slug:table>.csv", views.searches_file, name="file"),
]
