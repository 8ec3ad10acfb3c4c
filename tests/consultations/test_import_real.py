"""The six shared conversations, against the reference answers computed from their files."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Person
from consultations.models import Statement
from consultations.statements import ranked
from core import audit
from participation.models import Engagement, Vote, VoteEvent
from tests.factories.engagements import make_bureau

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")
NAMES = (
    "15-per-hour-seattle",
    "bg2050-volunteers",
    "london.youth.policing",
    "scoop-hivemind.freshwater",
    "scoop-hivemind.ubi",
    "vtaiwan.uberx",
)

pytestmark = [pytest.mark.data, pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture(params=NAMES)
def conversation(request):
    folder = DATA / "polis" / request.param
    if not folder.is_dir():
        reason = f"{folder} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def run(folder: Path) -> dict:
    out = StringIO()
    call_command("import_polis", str(folder), bureau="TD", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_a_real_conversation_reads_as_at_its_source(conversation):
    folder, expected = conversation
    make_bureau("TD")
    done = run(folder)
    counts = expected["counts"]
    assert done["statements"] == counts["comments"]
    assert done["votes"] == counts["vote_rows"]
    assert done["participants"] == (counts["distinct_voters"] + counts["authors_who_never_voted"])
    assert done["skipped"] == {}
    out = StringIO()
    call_command("tally", done["consultation"], stdout=out)
    told = {
        int(each["import_id"]): (each["state"], each["agree"], each["disagree"], each["pass"])
        for each in json.loads(out.getvalue())["statements"]
    }
    assert told == {
        each["comment_id"]: (
            "withheld" if each["moderated"] == -1 else "published",
            each["agree"],
            each["disagree"],
            each["pass"],
        )
        for each in expected["per_comment"]
    }
    totals = expected["totals_latest"]
    assert Vote.objects.count() == counts["distinct_voter_comment_pairs"]
    for choice, name in ((1, "agree"), (-1, "disagree"), (0, "pass")):
        assert Vote.objects.filter(choice=choice).count() == totals[name]
        events = VoteEvent.objects.filter(choice=choice).count()
        assert events == expected["totals_all_rows"][name]
    _check_orders(expected, Engagement.objects.get(public_id=done["consultation"]))
    engagement = Engagement.objects.get()
    case_study = expected["source"]["case_study"]
    assert (case_study or "CC BY 4.0") in engagement.attribution["en"]
    empty = Statement.objects.filter(text={}).count()
    assert empty == counts["empty_comment_bodies"]
    assert run(folder) == done
    assert (
        Person.objects.filter(import_source=engagement.import_source).count()
        == (done["participants"])
    )
    assert audit.verify().ok


def _check_orders(expected: dict, engagement: Engagement) -> None:
    """Sorting by agreement is the reference's order by the Wilson interval."""
    least = expected["min_voters_for_share_rankings"]
    names = dict(
        engagement.statements.filter(state="published").values_list("ballot_id", "import_id")
    )
    scores = {
        int(names[row["pk"]]): row["score"]
        for row in ranked(engagement, "agreement")
        if row["voters"] >= least and row["pk"] in names
    }
    reference = expected["top10_wilson"]["visible"]
    assert list(scores.values())[:10] == pytest.approx([scores[each] for each in reference])
