"""Addresses of taking part, below a language. Ids are opaque, codes and tokens are secrets."""

from django.urls import path

from participation.views import (
    answering,
    comments,
    contributions,
    files,
    follows,
    live,
    outcome,
    receipts,
)

app_name = "participation"

urlpatterns = [
    path("e/<slug:public_id>/", live.engagement, name="engagement"),
    path("e/<slug:public_id>/comment/", comments.comment_form, name="comment"),
    path("e/<slug:public_id>/comment/check/", comments.comment_check, name="comment-check"),
    path("e/<slug:public_id>/comments/", comments.comment_list, name="comments"),
    path("e/<slug:public_id>/outcome/", outcome.outcome, name="outcome"),
    path("e/<slug:public_id>/follow/", follows.engagement, name="follow"),
    path("e/<slug:public_id>/live.json", live.live_json, name="live"),
    path("e/<slug:public_id>/state/", live.state_json, name="state"),
    path("contributions/<slug:public_id>/support/", contributions.support, name="support"),
    path("contributions/<slug:public_id>/edit/", contributions.edit, name="edit"),
    path("contributions/<slug:public_id>/withdraw/", contributions.withdraw, name="withdraw"),
    path("contributions/<slug:public_id>/versions/", contributions.versions, name="versions"),
    path("contributions/<slug:public_id>/files/", files.entry_files, name="files"),
    path("attachments/<slug:public_id>/", files.attachment, name="attachment"),
    path("attachments/<slug:public_id>/picture/", files.picture, name="attachment-picture"),
    path("contributions/<slug:public_id>/report/", contributions.report, name="report"),
    path("contributions/<slug:public_id>/reply/", contributions.official_reply, name="reply"),
    path("receipts/", receipts.look_up, name="receipts"),
    path("receipts/<str:code>/", receipts.receipt, name="receipt"),
    path("bureaux/<slug:slug>/follow/", follows.bureau, name="follow-bureau"),
    path("follow/confirm/<str:token>/", follows.confirm, name="follow-confirm"),
    path("follow/mails/<str:token>/stop/", follows.stop_mails, name="stop-mails"),
    path("answers/", answering.answering, name="answering"),
    path("follow/stop/<str:token>/", follows.stop, name="follow-stop"),
]
