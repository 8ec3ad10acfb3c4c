"""Addresses of the table of synonyms for administrators, hung under /cms/ by ``wagtail_hooks``."""

from django.urls import path

from search import synonym_views as views

app_name = "synonyms"

urlpatterns = [
    path("", views.table, name="table"),
    path("new/", views.new, name="new"),
    path("<slug:public_id>/", views.edit, name="edit"),
    path("<slug:public_id>/remove/", views.remove, name="remove"),
]
