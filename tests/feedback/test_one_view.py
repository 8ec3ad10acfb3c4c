"""A report is read as one state of the database while people go on writing; progress is seen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from core import clock
from feedback import sections
from feedback.actions.snapshots import ask_report, make_report
from feedback.models import Making
from feedback.section_register import figures_of
from feedback.sections import Section, SectionData
from participation.models import Contribution
from tests.factories.core import make_tree
from tests.feedback.conftest import make_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]


def elsewhere(work: Callable[[], None]) -> None:
    """Do something on another connection and wait for it, as another process would."""
    faults: list[BaseException] = []

    def alone() -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()
    assert faults == []


def test_what_is_written_meanwhile_is_not_in_it_and_the_officer_sees_how_far_it_is():
    make_tree()
    case = make_case()
    making = ask_report(engagement=case.engagement, by=case.officer, language="en")
    seen: list[int] = []

    def write() -> None:
        Contribution.objects.create(
            engagement=case.engagement,
            kind="comment",
            language="en",
            received_at=clock.now(),
            state="published",
            text="Written meanwhile.",
        )

    def look() -> None:
        seen.append(Making.objects.values_list("percent", flat=True).get(pk=making.pk))

    def build(engagement, as_of, step) -> SectionData:
        before = figures_of(engagement)["received"]
        elsewhere(write)
        step(0.5)
        elsewhere(look)
        assert figures_of(engagement)["received"] == before
        return SectionData(figures={"before": before})

    planted = Section("planted", "Planted", 15, build, lambda engagement, as_of: SectionData())
    sections.register(planted)
    try:
        snapshot = make_report(making=Making.objects.get(pk=making.pk), with_files=False)
    finally:
        sections._registry.pop("planted")
    by_key = {one["key"]: one for one in snapshot.data["sections"]}
    assert by_key["planted"]["figures"] == {"before": 0}
    assert by_key["register"]["figures"]["received"] == 0
    assert figures_of(case.engagement)["received"] == 1
    assert 0 < seen[0] < 70
    making.refresh_from_db()
    assert (making.state, making.percent) == ("done", 100)


def test_two_workers_with_the_report_of_one_close_freeze_one_version():
    make_tree()
    case = make_case()
    making = Making.objects.create(engagement=case.engagement, reason="close", asked_at=clock.now())
    barrier, found = threading.Barrier(2), []

    def work() -> None:
        try:
            row = Making.objects.select_related("engagement__owner").get(pk=making.pk)
            barrier.wait(30)
            found.append(make_report(making=row, with_files=False).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
