"""Addresses of points, under /<language>/."""

from django.urls import path

from crowdtasks.ledger.views import books, corrections, own

app_name = "ledger"

urlpatterns = [
    path("account/points/", own.my_points, name="my_points"),
    path("account/points/points.csv", own.statement_file, name="statement_file"),
    path("points/books/", books.books, name="books"),
    path("points/books/people/", corrections.find_person, name="find_person"),
    path("points/books/people/<str:public_id>/", corrections.person, name="person"),
    path("points/books/entries/<str:public_id>/", corrections.entry, name="entry"),
    path("points/books/<str:public_id>/decide/", books.decide, name="decide"),
]
