"""Addresses of products and rounds. Index and sections are served by the page tree."""

from django.urls import path

from crowdtasks.products.views import claim, desk, machines, product, results, review, round, trying

app_name = "products"

urlpatterns = [
    # Before the pages of bureaux: no bureau is called feed.
    path("products/feed/", machines.feed, name="feed"),
    path("e/<slug:public_id>/round.ics", machines.calendar, name="calendar"),
    path("products/<slug:bureau>/<str:slug>/", product.address, name="product"),
    path("e/<slug:public_id>/try/", trying.start, name="try"),
    path("e/<slug:public_id>/try/<int:number>/", trying.step, name="try_step"),
    path("e/<slug:public_id>/try/questions/", trying.questions, name="try_questions"),
    path("e/<slug:public_id>/claim/", claim.of_round, name="claim"),
    path("account/points/claim/", claim.by_code, name="claim_code"),
    path("e/<slug:public_id>/reward/", review.reward, name="reward"),
    path("e/<slug:public_id>/reward/appeal/", review.appeal, name="appeal"),
    path("e/<slug:public_id>/try/desk/", desk.desk, name="desk"),
    path("e/<slug:public_id>/try/desk/tries.<slug:form>", desk.export, name="export"),
    path("e/<slug:public_id>/try/review/", review.waiting, name="review"),
    path("e/<slug:public_id>/try/review/<slug:award_id>/", review.decide, name="decide"),
    path("e/<slug:public_id>/figures/", results.results, name="figures"),
    path("e/<slug:public_id>/poster/", round.poster, name="poster"),
    path("e/<slug:public_id>/code/<slug:what>.svg", round.code, name="code"),
]
