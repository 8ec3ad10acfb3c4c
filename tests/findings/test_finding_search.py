"""Findings in search: what their public page shows, from the act on, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core import clock
from crowdtasks.findings.actions.merging import merge_findings, unmerge_finding
from crowdtasks.findings.views import public
from moderation.actions import report
from participation.actions.contributions import withdraw_contribution
from search.asking import Found, ask
from search.completing import complete
from search.live import Narrowing
from search.models import SearchDoc
from search.writing import differences
from tests.factories.accounts import make_officer
from tests.factories.findings import find, make_tested, triage
from tests.factories.participation import decide, make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.db, pytest.mark.usefixtures("tree")]


def asked(text: str) -> Found:
    return ask(text, Narrowing(), sort="relevance", language="en", now=clock.now())


def found(text: str) -> list[int]:
    """The findings it gives; counts, facets and titles offered say the same."""
    answer = asked(text)
    hits = [hit.object_id for hit in answer.hits if hit.kind == "finding"]
    assert answer.facets["kind"].get("finding", 0) == len(hits)
    return sorted(hits)


@pytest.fixture
def world() -> dict[str, Any]:
    row, _first, second = make_tested()
    officer = make_officer(row.engagement.owner.code)
    return {"round": row, "officer": officer, "second": second, "citizen": make_citizen()}


def test_a_finding_is_found_once_everybody_may_read_it(world) -> None:
    row, officer, citizen = world["round"], world["officer"], world["citizen"]
    finding = find(
        row,
        citizen,
        publish_choice="alias",
        happened="Numbat map stays empty.\n按鈕冇反應，𨋢唔識郁。",
        expected="A bilby.",
        device="Wallaby phone",
    )
    triage(finding, officer, "confirmed")
    # A moderator has not read it.
    assert found("numbat") == []
    decide(finding.contribution)
    assert found("numbat") == found("bilby") == found("按钮") == found("𨋢") == [finding.pk]
    assert found("wallaby") == []
    # What the bureau says of it, in whichever language.
    triage(finding, officer, "declined", reason="Quokka season.")
    assert found("quokka") == [finding.pk]
    triage(finding, officer, "declined", reason="袋鼠季節。", language="zh-hant")
    assert found("quokka") == []
    assert found("袋鼠") == found("numbat") == [finding.pk]
    text = Client().get("/en/search/?q=袋鼠").content.decode()
    assert "Finding" in text
    assert "袋鼠" in text
    # Put back to new it is on no public page.
    triage(finding, officer, "new")
    assert found("numbat") == found("袋鼠") == []
    triage(finding, officer, "planned")
    assert found("numbat") == [finding.pk]
    report(
        kind="finding",
        target_id=finding.contribution.public_id,
        rule="r1",
        account=None,
        reporter_key="reader:1",
    )
    assert found("numbat") == [finding.pk]
    decide(finding.contribution, "withhold")
    assert found("numbat") == []
    assert differences() == []


def test_nothing_that_is_not_public_is_hit_count_facet_or_completion(world) -> None:
    row, officer, citizen = world["round"], world["officer"], world["citizen"]
    shown = find(row, citizen, publish_choice="alias", happened="Numbat shown.")
    for other, choice in (("Numbat confidential.", "confidential"), ("Numbat new.", "alias")):
        one = find(row, citizen, publish_choice=choice, happened=other)
        if choice == "confidential":
            triage(one, officer, "confirmed")
        else:
            decide(one.contribution)
    held = find(row, citizen, publish_choice="alias", happened="Numbat held.")
    triage(held, officer, "confirmed")
    copy = find(row, citizen, publish_choice="alias", happened="Numbat once more.")
    for one in (shown, copy):
        decide(one.contribution)
        triage(one, officer, "confirmed")
    assert found("numbat") == sorted([shown.pk, copy.pk])
    merge_findings(finding=copy, into=shown, by=officer)
    assert found("numbat") == [shown.pk]
    assert found("once more") == []
    offered = [title.text for title in complete("numb", language="en", now=clock.now())]
    assert offered == ["Numbat shown."]
    assert SearchDoc.objects.filter(kind="finding").count() == 1
    copy.refresh_from_db()
    unmerge_finding(finding=copy, by=officer)
    assert found("once more") == [copy.pk]
    copy.refresh_from_db()
    merge_findings(finding=copy, into=shown, by=officer)
    # Who withdraws the leading one leaves the other to stand for itself.
    entry = shown.contribution
    entry.refresh_from_db()
    withdraw_contribution(contribution=entry, person=citizen.person, account=None)
    assert found("numbat") == [copy.pk]
    assert differences() == []


def test_a_hit_leads_to_the_finding_on_its_page(client, world, monkeypatch) -> None:
    monkeypatch.setattr(public, "PAGE_SIZE", 2)
    row, officer, citizen = world["round"], world["officer"], world["citizen"]
    rows = []
    for number in range(3):
        one = find(row, citizen, publish_choice="alias", happened=f"Numbat number {number}.")
        decide(one.contribution)
        rows.append(triage(one, officer, "confirmed"))
    oldest = rows[0].contribution.public_id
    text = client.get("/en/search/?q=numbat+number+0").content.decode()
    path = f"/en/e/{row.engagement.public_id}/findings/"
    assert f"{path}?finding={oldest}#f-{oldest}" in text
    shown = client.get(f"{path}?finding={oldest}").content.decode()
    assert f'id="f-{oldest}"' in shown
    assert f'id="f-{oldest}"' not in client.get(path).content.decode()
    # Another page of the list, and what is no finding of it.
    newest = rows[-1].contribution.public_id
    other = client.get(f"{path}?finding={oldest}&page=1").content.decode()
    assert f'id="f-{newest}"' in other
    for wrong in ("x", "0" * 16, "%00", "é"):
        assert client.get(f"{path}?finding={wrong}").status_code in {200, 400}
