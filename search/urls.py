"""The page that the box in the header leads to, and how a browser learns to ask it."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("", views.page, name="page"),
    path("complete/", views.complete, name="complete"),
    path("feed/", views.feed, name="feed"),
    path("opensearch.xml", views.description, name="description"),
]
