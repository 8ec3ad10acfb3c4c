"""The page that the box in the header leads to, and how a browser learns to ask it."""

from django.urls import path

from search import views
from search.saved import views as saved

app_name = "search"
urlpatterns = [
    path("", views.page, name="page"),
    path("complete/", views.complete, name="complete"),
    path("feed/", views.feed, name="feed"),
    path("save/", saved.save, name="save"),
    path("saved/", saved.searches, name="saved"),
    path("saved/stop/<str:token>/", saved.stop, name="saved-stop"),
    path("saved/<str:public_id>/", saved.change, name="saved-change"),
    path("saved/<str:public_id>/remove/", saved.remove, name="saved-remove"),
    path("opensearch.xml", views.description, name="description"),
]
