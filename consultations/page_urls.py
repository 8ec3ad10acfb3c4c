"""Papers by address. Index and sections are served by the page tree, which comes after."""

from django.urls import path

from consultations.views import machines, paper

urlpatterns = [
    path("consultations/feed/", machines.feed, name="feed"),
    path("consultations/calendar.ics", machines.calendar, name="calendar"),
    path("consultations/<slug:bureau>/<str:slug>/", paper.address, name="paper"),
]
