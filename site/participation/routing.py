"""Sockets of participation; put together with others in ``config.routing``."""

from django.urls import path

from participation.consumers import EngagementConsumer

websocket_urlpatterns = [
    path("ws/e/<slug:public_id>/", EngagementConsumer.as_asgi()),
]
