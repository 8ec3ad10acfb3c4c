"""``manage.py opinion_groups``."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from sklearn.metrics import adjusted_rand_score

from accounts.models import Person
from core import clock
from participation.models import Vote, VoteEvent
from tests.consultations.opinion.test_published import folder_of, published_groups
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.opinions import make_camps

pytestmark = pytest.mark.django_db


def run(public_id: str, *options: str) -> str:
    out = StringIO()
    call_command("opinion_groups", public_id, *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_prints_the_groups_with_the_source_s_ids():
    engagement = make_engagement()
    camps = make_camps(engagement, sizes=(12, 8))
    printed = json.loads(run(engagement.public_id, "--json"))
    assert printed == {
        "groups": [
            {"id": number, "participants": sorted((p.import_id for p in camp), key=int)}
            for number, camp in enumerate(camps)
        ]
    }
    assert "20 of 20 people in 2 groups" in run(engagement.public_id)


def test_whoever_voted_here_is_not_listed():
    engagement = make_engagement()
    camps = make_camps(engagement, sizes=(12, 8))
    Person.objects.filter(pk=camps[0][0].pk).update(import_id="", import_source="")
    groups = json.loads(run(engagement.public_id, "--json"))["groups"]
    assert [len(each["participants"]) for each in groups] == [11, 8]


def test_nothing_answered_gives_no_groups():
    assert json.loads(run(make_engagement().public_id, "--json")) == {"groups": []}


def test_an_unknown_id_and_sealed_results_are_refused():
    with pytest.raises(CommandError, match="No consultation"):
        run("nothing", "--json")
    sealed = make_engagement(results_from="close")
    make_camps(sealed, sizes=(12, 8))
    with pytest.raises(CommandError, match="sealed"):
        run(sealed.public_id, "--json")
    with clock.freeze(sealed.closes_at):
        assert json.loads(run(sealed.public_id, "--json"))["groups"]


@pytest.mark.data
def test_a_real_conversation_imported_and_grouped(tree):
    folder = folder_of("15-per-hour-seattle")
    make_bureau("TD")
    out = StringIO()
    call_command("import_polis", str(folder), bureau="TD", stdout=out)
    public_id = json.loads(out.getvalue().splitlines()[-1])["consultation"]
    groups = json.loads(run(public_id, "--json"))["groups"]
    ours = {int(each): group["id"] for group in groups for each in group["participants"]}
    theirs = published_groups(folder)
    both = sorted(set(ours) & set(theirs))
    assert len(both) == 138
    assert adjusted_rand_score([theirs[e] for e in both], [ours[e] for e in both]) > 0.87
    assert Vote.objects.count() < VoteEvent.objects.count()
