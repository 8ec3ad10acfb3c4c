"""Addresses of this room's acts, under /<language>/e/<id>/."""

from django.urls import path

from consultations.views import opinion_groups as groups
from consultations.views import share, statements
from consultations.views import statement_proposals as proposals
from consultations.views import statement_results as results

app_name = "consultations"

urlpatterns = [
    path("e/<slug:public_id>/card.png", share.card, name="share_card"),
    path("e/<slug:public_id>/statements/", statements.cards, name="statements"),
    path("e/<slug:public_id>/statements/card/", statements.card, name="statement_card"),
    path("e/<slug:public_id>/statements/mine/", statements.own_choices, name="own_choices"),
    path("e/<slug:public_id>/statements/count/", statements.count_choices, name="count_choices"),
    path("e/<slug:public_id>/statements/propose/", proposals.propose, name="propose"),
    path("e/<slug:public_id>/statements/propose/check/", proposals.check, name="statement_check"),
    path("e/<slug:public_id>/statements/results/", results.results, name="statement_results"),
    path(
        "e/<slug:public_id>/statements/results/all/",
        results.all_results,
        name="statement_results_all",
    ),
    path("e/<slug:public_id>/statements/results.csv", results.csv_file, name="statement_csv"),
    path("e/<slug:public_id>/statements/groups/", groups.groups, name="opinion_groups"),
    path("e/<slug:public_id>/statements/groups.csv", groups.csv_file, name="opinion_groups_csv"),
]
