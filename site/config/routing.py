"""The addresses of sockets: each room lists its own in ``<app>/routing.py``."""

from importlib import import_module

from channels.routing import URLRouter
from django.apps import apps
from django.urls import URLPattern
from django.utils.module_loading import module_has_submodule


def websocket_patterns() -> list[URLPattern]:
    """Collect ``websocket_urlpatterns`` of every installed app that has a ``routing`` module."""
    patterns: list[URLPattern] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "routing"):
            routing = import_module(f"{app.name}.routing")
            patterns += getattr(routing, "websocket_urlpatterns", [])
    return patterns


def websocket_application() -> URLRouter:
    """Return the router; an address nobody lists makes it raise ValueError."""
    return URLRouter(websocket_patterns())
