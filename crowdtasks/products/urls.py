"""Addresses of products and rounds. Index and sections are served by the page tree."""

from django.urls import path

from crowdtasks.products.views import product, results, round, trying

app_name = "products"

urlpatterns = [
    path("products/<slug:bureau>/<str:slug>/", product.address, name="product"),
    path("e/<slug:public_id>/try/", trying.start, name="try"),
    path("e/<slug:public_id>/try/<int:number>/", trying.step, name="try_step"),
    path("e/<slug:public_id>/try/questions/", trying.questions, name="try_questions"),
    path("e/<slug:public_id>/figures/", results.results, name="figures"),
    path("e/<slug:public_id>/poster/", round.poster, name="poster"),
    path("e/<slug:public_id>/code/<slug:what>.svg", round.code, name="code"),
]
