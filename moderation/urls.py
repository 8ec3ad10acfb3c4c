"""Addresses of the queue and of reports, inside a language."""

from django.urls import path

from moderation import views

app_name = "moderation"

urlpatterns = [
    path("moderation/", views.queue, name="queue"),
    path("moderation/<str:kind>/<str:public_id>/", views.item, name="item"),
    path("report/<str:kind>/<str:target_id>/", views.report, name="report"),
    path("report/<str:kind>/<str:target_id>/thanks/", views.thanks, name="thanks"),
]
