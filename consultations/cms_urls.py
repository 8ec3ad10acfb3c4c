"""Addresses of the desk, hung under /cms/ by ``wagtail_hooks``."""

from django.urls import path

from consultations.views import (
    breaks,
    desk,
    outcome,
    outcome_parts,
    pasting,
    questions,
    received,
    trying,
)

app_name = "kaifong_desk"

urlpatterns = [
    path("new/", desk.new_paper, name="new"),
    path("new/<slug:kind>/", desk.new_of, name="new_of"),
    path("review/<str:public_id>/", desk.review, name="review"),
    path("review/<str:public_id>/approve/", desk.approve, name="approve"),
    path("<str:public_id>/", desk.steps, name="steps"),
    path("<str:public_id>/words/<str:language>/", desk.words, name="words"),
    path("<str:public_id>/breaks/", breaks.breaks, name="breaks"),
    path("<str:public_id>/paste/", pasting.paste, name="paste"),
    path("<str:public_id>/take-back/", desk.take_back_view, name="take_back"),
    path("<str:public_id>/received/", received.received, name="received"),
    path("<str:public_id>/questions/read/", questions.read, name="questions_read"),
    path("<str:public_id>/questions/bank/", questions.bank, name="questions_bank"),
    path("<str:public_id>/questions/try/<str:language>/", trying.start, name="try"),
    path("<str:public_id>/questions/try/<str:language>/check/", trying.check, name="try_check"),
    path("<str:public_id>/questions/try/<str:language>/<int:place>/", trying.part, name="try_part"),
    path("<str:public_id>/questions/correct/", questions.correct, name="questions_correct"),
    path("<str:public_id>/extend/", desk.extend, name="extend"),
    path("<str:public_id>/outcome/", outcome.outcome, name="outcome"),
    path("<str:public_id>/outcome/parts/", outcome_parts.add_parts, name="outcome_add"),
    path("<str:public_id>/outcome/parts/<slug:item>/", outcome_parts.part, name="outcome_part"),
    path(
        "<str:public_id>/outcome/parts/<slug:item>/act/",
        outcome_parts.part_act,
        name="outcome_part_act",
    ),
    path(
        "<str:public_id>/outcome/parts/<slug:item>/quotes/",
        outcome_parts.quotes,
        name="outcome_quotes",
    ),
    path("<str:public_id>/outcome/late/", outcome_parts.late, name="outcome_late"),
    path("<str:public_id>/outcome/review/", outcome.outcome_review, name="outcome_review"),
    path("<str:public_id>/outcome/approve/", outcome.outcome_approve, name="outcome_approve"),
]
