"""Addresses of what people said on an engagement: public, below each language."""

from django.urls import path

from feedback import views_said

app_name = "said"

urlpatterns = [
    path("e/<slug:public_id>/said/", views_said.page, name="page"),
    path("e/<slug:public_id>/said/figures.csv", views_said.figures_file, name="figures_csv"),
    path("e/<slug:public_id>/said/answers/", views_said.answers, name="answers"),
    path("e/<slug:public_id>/said/answers.csv", views_said.answers_file, name="answers_csv"),
    path("e/<slug:public_id>/said/<slug:answer_id>/", views_said.answer, name="answer"),
]
