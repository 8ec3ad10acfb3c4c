"""The export holds everything of a person and nothing of others; closing takes names away."""

import io
import json

import pytest
from django.core.management import call_command

from accounts import export
from accounts.actions import close_account
from participation.actions.comments import set_support
from participation.actions.follows import follow_engagement
from participation.actions.votes import cast_vote
from participation.models import Contribution, Follow, Support, Vote
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_public_comment
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db


def test_export_is_complete_and_about_nobody_else() -> None:
    engagement = make_engagement(moderation_policy="after")
    me, other = make_citizen("Me"), make_citizen("Other Person")
    mine = make_public_comment(engagement, "My own words.", account=me)
    theirs = make_public_comment(engagement, "Their words.", account=other)
    set_support(comment=theirs, person=me.person, account=me, on=True)
    cast_vote(ballot=make_statement(engagement).ballot, person=me.person, choice=-1)
    follow_engagement(engagement=engagement, account=me)
    made = export.export_of(me)
    assert made["contributions"][0]["versions"][0]["text"] == "My own words."
    assert made["votes"][0]["choice"] == -1
    assert made["agreements"][0]["comment"] == theirs.contribution.public_id
    assert {row["for"] for row in made["receipts"]} == {"contribution", "votes"}
    assert made["follows"][0]["engagement"] == engagement.public_id
    text = json.dumps(made, ensure_ascii=False)
    assert mine.contribution.receipt.code in text
    for foreign in ("Other Person", "Their words.", other.email, other.public_id):
        assert foreign not in text


def test_closing_takes_names_and_follows_and_leaves_what_was_counted() -> None:
    engagement = make_engagement(moderation_policy="after")
    me, other = make_citizen("Me"), make_citizen()
    entry = make_public_comment(engagement, "My own words.", account=me).contribution
    theirs = make_public_comment(engagement, account=other)
    set_support(comment=theirs, person=me.person, account=me, on=True)
    cast_vote(ballot=make_statement(engagement).ballot, person=me.person, choice=1)
    follow_engagement(engagement=engagement, account=me)
    close_account(account=me)
    entry = Contribution.objects.get(pk=entry.pk)
    assert (entry.author_name, entry.text, entry.state) == ("", "My own words.", "published")
    assert not Follow.objects.exists()
    assert Vote.objects.count() == Support.objects.count() == 1
    call_command("verify_audit", stdout=io.StringIO())
