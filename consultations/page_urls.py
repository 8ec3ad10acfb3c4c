"""Register and papers by address. A bureau's section is served by the page tree, behind these."""

from django.urls import path

from consultations.views import machines, paper, register

urlpatterns = [
    path("consultations/", register.address, name="register"),
    path("consultations/feed/", machines.feed, name="feed"),
    path("consultations/calendar.ics", machines.calendar, name="calendar"),
    path("consultations/<slug:bureau>/<str:slug>/", paper.address, name="paper"),
]
