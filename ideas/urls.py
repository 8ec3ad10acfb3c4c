"""Addresses of contests and ideas. Index and sections are served by the page tree."""

from django.urls import path

from ideas.views import (
    coauthors,
    contest,
    costs,
    ideas,
    jury,
    jury_chair,
    office,
    result,
    results,
    votes,
    writing,
)

app_name = "ideas"

urlpatterns = [
    path("contests/<slug:bureau>/<str:slug>/", contest.address, name="contest"),
    path("e/<slug:public_id>/rules/<int:number>.json", contest.rules_file, name="rules"),
    path("e/<slug:public_id>/ideas/", ideas.idea_list, name="list"),
    path("e/<slug:public_id>/ideas/write/", writing.write, name="write"),
    path("e/<slug:public_id>/ideas/similar/", writing.similar, name="similar"),
    path("e/<slug:public_id>/ideas/check/", writing.check, name="check"),
    path("e/<slug:public_id>/ideas/<int:place>/", ideas.one, name="one"),
    path("e/<slug:public_id>/vote/", votes.my_vote, name="my_vote"),
    path("e/<slug:public_id>/vote/check/", votes.check, name="vote_check"),
    path("e/<slug:public_id>/vote/withdraw/", votes.withdraw, name="vote_withdraw"),
    path("e/<slug:public_id>/votes/", results.totals_page, name="totals"),
    path("e/<slug:public_id>/votes/tally.txt", results.tally_file, name="tally"),
    path("ideas/verify_tally.py", results.verifier, name="verifier"),
    path("e/<slug:public_id>/costs/", costs.costs, name="costs"),
    path("ideas/drafts/<slug:public_id>/drop/", writing.drop, name="drop"),
    path("ideas/co-author/<slug:token>/", coauthors.invitation, name="coauthor-invitation"),
    path("ideas/<slug:public_id>/co-authors/", coauthors.coauthors, name="coauthors"),
    path(
        "ideas/<slug:public_id>/co-authors/<slug:coauthor_id>/end/",
        coauthors.end,
        name="coauthor-end",
    ),
    path("ideas/<slug:public_id>/", ideas.idea_page, name="idea"),
    path("ideas/<slug:public_id>/edit/", writing.edit, name="edit"),
    path("e/<slug:public_id>/screening/", office.screening, name="screening"),
    path("ideas/<slug:public_id>/screen/", office.screen, name="screen"),
    path("ideas/<slug:public_id>/merge/", office.merge, name="merge"),
    path("ideas/<slug:public_id>/unmerge/", office.unmerge, name="unmerge"),
    path("ideas/<slug:public_id>/status/", office.status, name="status"),
    path("ideas/<slug:public_id>/reply/", office.reply, name="reply"),
    path("ideas/<slug:public_id>/versions/", ideas.idea_versions, name="versions"),
    path("jury/", jury.home, name="juries"),
    path("e/<slug:public_id>/jury/", jury.desk, name="jury"),
    path("e/<slug:public_id>/jury/conflicts/", jury.interests, name="interests"),
    path("e/<slug:public_id>/jury/ideas/<slug:idea_id>/", jury.judge, name="judge"),
    path("e/<slug:public_id>/jury/submit/", jury.submit, name="jury-submit"),
    path("e/<slug:public_id>/jury/chair/", jury_chair.chair, name="jury-chair"),
    path("e/<slug:public_id>/jury/chair/<slug:juror_id>/end/", jury_chair.end, name="juror-end"),
    path("e/<slug:public_id>/jury/chair/close/", jury_chair.close, name="jury-close"),
    path("e/<slug:public_id>/result/", result.result, name="result"),
    path("e/<slug:public_id>/result/desk/", result.desk, name="result-desk"),
    path("e/<slug:public_id>/result/desk/<slug:idea_id>/", result.place, name="result-place"),
]
