"""The shared folder of Decide Madrid, against every number its reference answers have."""

import csv
import json
import os
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count, F, Max, Min, Q, Sum

from accounts.models import Person
from core import audit
from ideas.listing import Filters, ordered
from ideas.models import Idea
from participation.models import Comment, Contribution, Engagement, ImportedEntry
from participation.models.pages import HONG_KONG
from tests.factories.engagements import make_bureau

DATA = Path(os.environ.get("KAIFONG_DATA") or settings.BASE_DIR.parent / "shared" / "data")

pytestmark = [pytest.mark.data, pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def folder() -> Path:
    found = DATA / "decide-madrid"
    if not found.is_dir():
        reason = f"{found} is not there (KAIFONG_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def run(folder: Path) -> dict:
    out = StringIO()
    call_command("import_ideas", str(folder), bureau="TD", title="Decide Madrid", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_decide_madrid_reads_as_at_its_source(folder, client):
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    make_bureau("TD")
    done = run(folder)
    totals = expected["totals"]
    assert done == {
        "contest": done["contest"],
        "ideas": totals["proposals"],
        "supports": totals["supports"],
        "comments": totals["comments_in_file"],
        "orphans": totals["replies_whose_parent_is_missing"],
        "kept": {
            "empty_text": totals["comments_with_empty_text"],
            "orphan": totals["replies_whose_parent_is_missing"],
            "repeated_text": totals["rows_with_repeated_text"],
        },
        "skipped": {},
    }
    assert (done["ideas"], done["supports"], done["comments"], done["orphans"]) == (
        (80, 228_140, 5_633, 268)
    )
    engagement = Engagement.objects.get()
    depths = _depths()
    _check_totals(totals, depths)
    _check_orders(expected, engagement)
    _check_ideas(expected["per_proposal"], depths)
    assert "Apache-2.0" in engagement.attribution["en"]
    assert expected["source"]["commit"] in engagement.attribution["en"]
    counts = _counted()
    assert run(folder) == done
    assert _counted() == counts
    assert audit.verify().ok


def _counted() -> list[int]:
    models = (Engagement, Person, Contribution, Comment, Idea, ImportedEntry)
    return [model.objects.count() for model in models]


def _depths() -> dict[int, int]:
    """How deep each comment is, by what it answers here; never one call in another."""
    answers = dict(
        ImportedEntry.objects.filter(kind="comment").order_by("pk").values_list("pk", "answers")
    )
    depths: dict[int, int] = {}
    for pk, above in answers.items():
        # Written after what it answers, so that one is known.
        depths[pk] = 1 if above is None else depths[above] + 1
    return depths


def _check_totals(totals: dict, depths: dict[int, int]) -> None:
    comments = ImportedEntry.objects.filter(kind="comment")
    ideas = ImportedEntry.objects.filter(kind="idea")
    declared = {row.pk: row.facts["comments"] for row in ideas}
    in_file = dict(
        Idea.objects.annotate(remarks=Count("thread__comments")).values_list("pk", "remarks")
    )
    assert sum(declared.values()) == totals["comments_declared"]
    assert (
        sum(declared[pk] != in_file[pk] for pk in declared)
        == (totals["proposals_where_declared_differs"])
    )
    assert comments.filter(answers_import_id="").count() == totals["top_level_comments"]
    assert comments.exclude(answers_import_id="").count() == totals["replies"]
    by_kind = Contribution.objects.values("kind").annotate(people=Count("person", distinct=True))
    people = {row["kind"]: row["people"] for row in by_kind}
    assert people == {
        "comment": totals["distinct_commenters"],
        "idea": totals["distinct_proposers"],
    }
    votes = comments.aggregate(plus=Sum("agreed"), minus=Sum("disagreed"))
    assert (votes["plus"], votes["minus"]) == (
        totals["comment_votes_positive"],
        totals["comment_votes_negative"],
    )
    assert sum(votes.values()) == totals["comment_votes"]
    own = Comment.objects.filter(
        contribution__person=F("thread__idea__contribution__person")
    ).count()
    assert own == totals["comments_by_proposal_author_flag"]
    assert (
        Contribution.objects.filter(kind="comment", text="").count()
        == (totals["comments_with_empty_text"])
    )
    assert Counter(row.facts["status"] for row in ideas) == totals["status"]
    assert max(depths.values()) == totals["max_thread_depth"]
    histogram = {str(depth): number for depth, number in Counter(depths.values()).items()}
    assert histogram == totals["depth_histogram"]
    days = Contribution.objects.filter(kind="comment").aggregate(
        first=Min("received_at"), last=Max("received_at")
    )
    assert days["first"].astimezone(HONG_KONG).date().isoformat() == totals["first_comment_date"]
    assert days["last"].astimezone(HONG_KONG).date().isoformat() == totals["last_comment_date"]


def _ids(ideas) -> list[int]:
    return [int(each.contribution.imported.import_id) for each in ideas]


def _check_orders(expected: dict, engagement: Engagement) -> None:
    everything = Idea.objects.public().filter(engagement=engagement).with_card()
    listed = ordered(everything, Filters(sort="source"))
    assert _ids(listed[:10]) == expected["top10_by_supports"]
    discussed = sorted(
        everything.with_comments(),
        key=lambda idea: (-idea.comments, int(idea.contribution.imported.import_id)),
    )
    assert _ids(discussed[:10]) == expected["top10_by_comments_in_file"]
    remarks = ImportedEntry.objects.filter(kind="comment").select_related(
        "contribution__comment__thread__idea__contribution__imported"
    )
    best = sorted(remarks, key=lambda row: (row.disagreed - row.agreed, int(row.import_id)))[:10]
    assert [
        {
            "comment_id": int(row.import_id),
            "proposal_id": int(
                row.contribution.comment.thread.idea.contribution.imported.import_id
            ),
            "positive": row.agreed,
            "negative": row.disagreed,
        }
        for row in best
    ] == expected["top10_comments_by_net_votes"]


def _check_ideas(expected: list[dict], depths: dict[int, int]) -> None:
    remarks = ImportedEntry.objects.filter(kind="comment").select_related("contribution__comment")
    by_thread: dict[int, list[ImportedEntry]] = {}
    for row in remarks:
        by_thread.setdefault(row.contribution.comment.thread_id, []).append(row)
    found = []
    for idea in Idea.objects.select_related("contribution__imported"):
        imported, mine = idea.contribution.imported, by_thread.get(idea.thread_id, [])
        found.append(
            {
                "proposal_id": int(imported.import_id),
                "code": imported.facts["code"],
                "title": idea.title,
                "date": idea.received_at.astimezone(HONG_KONG).date().isoformat(),
                "status": imported.facts["status"],
                "supports": imported.supports,
                "comments_declared": imported.facts["comments"],
                "comments_in_file": len(mine),
                "top_level": sum(not row.answers_import_id for row in mine),
                "replies": sum(bool(row.answers_import_id) for row in mine),
                "replies_whose_parent_is_missing": sum(
                    bool(row.answers_import_id) and row.answers_id is None for row in mine
                ),
                "distinct_commenters": len({row.contribution.person_id for row in mine}),
                "comment_votes_positive": sum(row.agreed for row in mine),
                "comment_votes_negative": sum(row.disagreed for row in mine),
                "max_depth": max((depths[row.pk] for row in mine), default=0),
            }
        )
    assert sorted(found, key=lambda one: one["proposal_id"]) == sorted(
        expected, key=lambda one: one["proposal_id"]
    )


def test_every_text_is_there_with_its_author_and_moment(folder):
    make_bureau("TD")
    run(folder)
    kept = {
        row.import_id: row.contribution
        for row in ImportedEntry.objects.filter(kind="comment").select_related(
            "contribution__person"
        )
    }
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            entry = kept.pop(record["id"])
            assert entry.person.import_id == record["userId"]
            assert entry.author_name == f"#{record['userId']}"
            assert "".join(entry.text.split()) == "".join(record["text"].split())
            moment = entry.received_at.astimezone(HONG_KONG).replace(tzinfo=None)
            assert moment.isoformat() == f"{record['date']}T{record['time'].split()[-1]}"
    assert not kept
    assert not Contribution.objects.filter(~Q(language="es")).exists()
