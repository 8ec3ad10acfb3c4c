"""Addresses of answering, below an engagement. Tokens and codes are secrets, parts are places."""

from django.urls import path

from questionnaires.views import after, check, parts, start

app_name = "questionnaires"

_HERE = "e/<slug:public_id>/answer/"

urlpatterns = [
    path(_HERE, start.start, name="start"),
    path(f"{_HERE}parts/", parts.task_list, name="tasks"),
    path(f"{_HERE}part/<int:place>/", parts.part, name="part"),
    path(f"{_HERE}save/<int:place>/", parts.save, name="save"),
    path(f"{_HERE}check/", check.check, name="check"),
    path(f"{_HERE}route/", check.whole_route, name="route"),
    path(f"{_HERE}later/", start.later, name="later"),
    path(f"{_HERE}back/<str:token>/", start.back, name="back"),
    path(f"{_HERE}drop/", start.drop, name="drop"),
    path(f"{_HERE}change/<str:code>/", after.change, name="change"),
    path(f"{_HERE}copy/<str:code>/", after.copy, name="copy"),
    path(f"{_HERE}about-you/<str:code>/", after.about_you, name="about-you"),
]
