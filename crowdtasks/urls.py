"""Addresses of tasks. Index and sections are served by the page tree."""

from django.urls import path

from crowdtasks.views import campaign, desk, poll, review

app_name = "crowdtasks"

urlpatterns = [
    path("tasks/<slug:bureau>/<str:slug>/", campaign.address, name="campaign"),
    path("e/<slug:public_id>/poll/", poll.poll, name="poll"),
    path("e/<slug:public_id>/poll/results/", poll.poll_results, name="poll_results"),
    path("e/<slug:public_id>/task/desk/", desk.desk, name="desk"),
    path("e/<slug:public_id>/task/desk/responses.<slug:form>", desk.export, name="export"),
    path("e/<slug:public_id>/task/review/", review.waiting, name="review"),
    path("e/<slug:public_id>/task/review/<slug:claim_id>/", review.decide, name="decide"),
    path("e/<slug:public_id>/task/appeal/", review.appeal, name="appeal"),
]
