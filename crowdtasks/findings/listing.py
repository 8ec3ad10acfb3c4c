"""The board's list: what it is narrowed by, and what comes next in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q

from crowdtasks.findings.models import Finding, Severity, Triage
from crowdtasks.findings.querysets import FindingQuerySet

PAGE_SIZE = 50


@dataclass(frozen=True)
class Filters:
    """'' for all. ``step`` and ``build`` are ids of blocks and of builds, as the page offers."""

    state: str = ""
    severity: str = ""
    step: str = ""
    build: str = ""

    @property
    def query(self) -> str:
        """As the end of an address, '' where nothing is narrowed."""
        chosen = {name: value for name, value in self.__dict__.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def on(self, rows: FindingQuerySet) -> FindingQuerySet:
        """All but the state, which the columns stand for."""
        if self.severity:
            rows = rows.filter(severity=self.severity)
        if self.step:
            rows = rows.filter(step__block_id=self.step)
        if self.build:
            rows = rows.filter(build__public_id=self.build)
        return rows

    def shown(self, rows: FindingQuerySet) -> FindingQuerySet:
        """What the list shows, the newest first."""
        rows = self.on(rows).read().leading()
        if self.state:
            rows = rows.filter(state=self.state)
        return rows.order_by("-received_at", "-pk")


def filters_of(asked: Mapping[str, str], *, steps: set[str], builds: set[str]) -> Filters:
    """What an address asks for; what there is not is left out."""

    def known(name: str, values: set[str]) -> str:
        value = asked.get(name, "")
        return value if value in values else ""

    return Filters(
        state=known("state", set(Triage.values)),
        severity=known("severity", set(Severity.values)),
        step=known("step", steps),
        build=known("build", builds),
    )


@dataclass(frozen=True)
class Beside:
    """Where a finding stands in a list: its number from 1 (0: not in it), and who is beside it."""

    position: int
    total: int
    before: str
    after: str


def beside(rows: FindingQuerySet, finding: Finding) -> Beside:
    """Three queries, whatever the length of the list."""
    at, pk = finding.received_at, finding.pk
    is_newer = Q(received_at__gt=at) | Q(received_at=at, pk__gt=pk)
    newer = rows.filter(is_newer)
    older = rows.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    found = rows.order_by().aggregate(
        total=Count("pk"),
        ahead=Count("pk", filter=is_newer),
        there=Count("pk", filter=Q(pk=pk)),
    )

    def first(side: FindingQuerySet) -> str:
        return side.values_list("contribution__public_id", flat=True).first() or ""

    return Beside(
        position=found["ahead"] + 1 if found["there"] else 0,
        total=found["total"],
        before=first(newer.order_by("received_at", "pk")),
        after=first(older),
    )
