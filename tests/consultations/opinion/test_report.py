"""The opinion groups in a report and in an outcome: what the public page says, and no more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from accounts.models import Role
from consultations import report_groups
from consultations.actions.opinion import keep_grouping
from consultations.models import OpinionGrouping, Statement
from core import clock
from feedback.collecting import live_document
from participation import outcome_targets
from participation.actions import outcome_items
from participation.outcome_reading import figure_lines
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.opinions import make_camps
from tests.factories.outcomes import both, close, make_desk, make_item, publish
from tests.factories.reports import take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree", "pango")]


def officer_of(engagement):
    account = make_account()
    grant(account, Role.OFFICER, engagement.owner)
    return account


def groups_of(document):
    found = next(one for one in document["sections"] if one["key"] == "groups")
    return found, {table["key"]: table for table in found.get("tables", [])}


def test_the_section_says_what_the_page_says_live_and_frozen():
    engagement = make_engagement(title="Bags")
    make_camps(engagement, sizes=(12, 8))
    keep_grouping(engagement=engagement)
    kept = OpinionGrouping.objects.get().data
    live, live_tables = groups_of(live_document(engagement, now=clock.now()))
    snapshot = take(engagement, officer_of(engagement))
    frozen, tables = groups_of(snapshot.data)
    assert frozen["figures"] == live["figures"]
    assert [(one["group"], one["people"]) for one in live["figures"]["groups"]] == [
        ("A", 12),
        ("B", 8),
    ]
    assert [one["id"] for one in live["figures"]["statements"]] == [
        one["statement"] for one in kept["statements"]
    ]
    assert tables["groups"]["rows"] == [["A", 12, 60.0], ["B", 8, 40.0]]
    for key in ("groups", "groups-shared", "groups-marks"):
        assert tables[key]["rows"] == live_tables[key]["rows"]
    assert [row[2] for row in tables["groups-shared"]["rows"]] == [
        one["consensus"] for one in kept["shared"]
    ]
    every = tables["groups-statements"]
    assert every["long"]["rows"] == 2 * len(kept["statements"])
    by_id = {row["statement"]: row for row in kept["statements"]}
    for row in every["rows"]:
        counts = by_id[row[-1]]["counts"]["AB".index(row[1])]
        assert row[2:6] == [*counts, sum(counts)]
    page = Client()
    page.force_login(officer_of(engagement))
    html = page.get(f"/en/reports/{engagement.public_id}/").content.decode()
    assert "What all groups share" in html
    assert set(snapshot.files.values_list("format", flat=True)) >= {"pdf", "xlsx", "csv", "json"}


def test_a_report_made_before_the_job_at_the_close_counts_every_vote():
    engagement = make_engagement()
    make_camps(engagement, sizes=(12, 8))
    keep_grouping(engagement=engagement)
    make_camps(engagement, sizes=(9, 9))
    kept = OpinionGrouping.objects.get()
    with clock.freeze(engagement.closes_at + dt.timedelta(minutes=1)):
        found, _tables = groups_of(take(engagement, officer_of(engagement)).data)
    assert found["figures"]["people"] == 38
    assert OpinionGrouping.objects.get().at == kept.at, "a report writes nothing but itself"


def test_too_few_for_groups_is_said_and_sealed_tells_nothing():
    few = make_engagement()
    make_camps(few, sizes=(3, 2))
    keep_grouping(engagement=few)
    found, tables = groups_of(live_document(few, now=clock.now()))
    assert tables == {}
    assert "not enough answers for groups" in found["lines"][0]["en"]
    sealed = make_engagement(results_from="close")
    make_camps(sealed, sizes=(12, 8))
    found, tables = groups_of(live_document(sealed, now=clock.now()))
    assert found["sealed"]["code"]
    assert "figures" not in found
    plain = make_engagement()
    document = live_document(plain, now=clock.now())
    assert "groups" not in [one["key"] for one in document["sections"]]


def test_the_live_section_is_two_queries(django_assert_num_queries):
    engagement = make_engagement()
    make_camps(engagement)
    keep_grouping(engagement=engagement)
    now = clock.now()
    with django_assert_num_queries(2):
        report_groups.live(engagement, now)


def test_an_outcome_quotes_what_all_groups_share():
    desk = make_desk()
    make_camps(desk.engagement, sizes=(12, 8))
    keep_grouping(engagement=desk.engagement)
    close(desk.engagement)
    keep_grouping(engagement=desk.engagement)
    kept = OpinionGrouping.objects.get(engagement=desk.engagement).data
    targets = outcome_targets.targets_of(desk.engagement)
    assert targets["groups", "all"].title["zh-hant"] == "意見組別"
    statement = desk.engagement.statements.get(public_id=kept["shared"][0]["statement"])
    one, all_of_them = outcome_items.add_items(
        engagement=desk.engagement,
        targets=[("groups", "all"), ("statement", statement.public_id)],
        by=desk.officer,
    )
    assert all_of_them.figures["sealed"] is False
    lines = figure_lines(all_of_them.figures, "en")
    assert len(lines) == len(kept["shared"])
    assert (lines[0].value, lines[0].of) == (20, 20)
    assert str(lines[0].label).startswith("All groups agree: ")
    labels = [str(line.label) for line in figure_lines(one.figures, "zh-hant")]
    assert labels[-2:] == ["A組中同意的人", "B組中同意的人"]
    # What is withheld afterwards is repeated nowhere; how many agreed stays.
    words = statement.text["en"]
    assert words in str(lines[0].label)
    Statement.objects.filter(pk=statement.pk).update(state="withheld")
    for item in (one, all_of_them):
        assert outcome_targets.withheld_keys([item])[item.pk] == {statement.public_id}
    assert outcome_targets.withheld_items([one, all_of_them]) == {one.pk}
    gone, *rest = figure_lines(all_of_them.figures, "en", {statement.public_id})
    assert gone.withheld
    assert words not in str(gone.label)
    assert gone.value == 20
    assert [line.label for line in rest] == [line.label for line in lines[1:]]


@pytest.mark.parametrize("results_from", ["outcome", "close"])
def test_groups_are_chosen_while_sealed_and_told_with_the_outcome(client, results_from):
    desk = make_desk(results_from=results_from)
    make_camps(desk.engagement, sizes=(12, 8))
    assert not keep_grouping(engagement=desk.engagement)
    if results_from == "outcome":
        close(desk.engagement)
    item = make_item(desk, "groups", "all", said=both("Both groups want trees."))
    assert item.figures == {**item.figures, "rows": [], "sealed": True}
    assert not OpinionGrouping.objects.exists(), "nothing is worked out while it is sealed"
    if results_from == "close":
        close(desk.engagement)
    publish(desk)
    kept = OpinionGrouping.objects.get(engagement=desk.engagement)
    assert kept.data["shared"]
    item.refresh_from_db()
    assert item.figures["sealed"] is False
    assert [row["key"] for row in item.figures["rows"]] == ["shared"] * len(kept.data["shared"])
    for language, words in (("en", "All groups agree"), ("zh-hant", "各組別都同意")):
        path = f"/{language}/e/{desk.engagement.public_id}"
        html = client.get(f"{path}/outcome/").content.decode()
        assert f'href="{path}/statements/groups/"' in html
        assert words in html
        assert client.get(f"{path}/statements/groups/").status_code == 200
    # The job that watches votes finds the groups made of all of them.
    desk.engagement.refresh_from_db()
    assert not keep_grouping(engagement=desk.engagement)


def test_whether_there_are_groups_is_not_told_while_sealed():
    for sizes in ((12, 8), (3, 2)):
        engagement = make_engagement(results_from="outcome")
        make_camps(engagement, sizes=sizes)
        assert ("groups", "all") in outcome_targets.targets_of(engagement)
    plain = make_engagement(results_from="outcome")
    assert ("groups", "all") not in outcome_targets.targets_of(plain)


def test_a_part_on_groups_that_turn_out_to_be_none_has_words_alone(client):
    desk = make_desk(results_from="outcome")
    make_camps(desk.engagement, sizes=(3, 2))
    close(desk.engagement)
    item = make_item(desk, "groups", "all", said=both("Too few answered for groups."))
    publish(desk)
    item.refresh_from_db()
    assert (item.figures["rows"], item.figures["sealed"]) == ([], False)
    html = client.get(f"/en/e/{desk.engagement.public_id}/outcome/").content.decode()
    assert "Too few answered for groups." in html
    assert "hk-figures" not in html


def test_without_groups_there_is_nothing_to_answer_to():
    engagement = make_engagement()
    make_camps(engagement, sizes=(3, 2))
    keep_grouping(engagement=engagement)
    assert ("groups", "all") not in outcome_targets.targets_of(engagement)
