"""The ground's addresses inside a language; ``/``, ``/healthz`` are wired in config.urls."""

from django.urls import path

from core import components, views

app_name = "core"

urlpatterns = [
    path("about/<slug:slug>/", views.about, name="about"),
    path("components/", components.show, name="components"),
]
