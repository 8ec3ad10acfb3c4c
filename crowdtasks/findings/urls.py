"""Addresses of findings, under those of the round or product they are of."""

from django.urls import path

from crowdtasks.findings.views import board, mine, observe, public, report

app_name = "findings"

urlpatterns = [
    path("account/findings/", mine.mine, name="mine"),
    path("e/<slug:public_id>/problem/", report.report, name="report"),
    path("e/<slug:public_id>/findings/", public.findings, name="findings"),
    path("e/<slug:public_id>/findings/desk/", board.board, name="board"),
    path("e/<slug:public_id>/findings/desk/new/", observe.observe, name="observe"),
    path("e/<slug:public_id>/findings/desk/findings.<slug:form>", board.export, name="export"),
    path("e/<slug:public_id>/findings/desk/<slug:finding_id>/", board.item, name="item"),
    path("e/<slug:public_id>/findings/desk/<slug:finding_id>/merge/", board.merge, name="merge"),
    path(
        "e/<slug:public_id>/findings/desk/<slug:finding_id>/unmerge/",
        board.unmerge,
        name="unmerge",
    ),
]
