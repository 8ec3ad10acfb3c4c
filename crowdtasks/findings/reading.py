"""What pages say of findings: how many, where they stand, in which build they were mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from crowdtasks.findings.models import Finding, Severity, Triage
from crowdtasks.findings.querysets import COUNTED, FindingQuerySet
from participation.models import Engagement
from search.similar import LEAST, most_alike

#: Findings a new one is compared with: those of its own step, then the newest.
COMPARED = 2000
#: How many are suggested, and how alike they must be: on the same step less.
SUGGESTED = 5
SAME_STEP, ELSEWHERE = 0.3, LEAST
#: How many of another language, whose words nothing was compared with.
OF_ANOTHER_LANGUAGE = 3


def of_engagement(engagement: Engagement) -> FindingQuerySet:
    """All findings of a product, or those reported in one round."""
    found: FindingQuerySet = Finding.objects.all()
    if engagement.kind == "product":
        return found.filter(product=engagement.pk)
    return found.filter(engagement=engagement)


@dataclass(frozen=True)
class Figures:
    """How many were reported, how many of them are different ones, and where those stand."""

    reported: int = 0
    distinct: int = 0
    by_state: dict[str, int] = field(default_factory=dict)
    by_severity: dict[str, int] = field(default_factory=dict)
    #: Version of the build and how many findings it mended, the newest build first.
    mended: list[tuple[str, int]] = field(default_factory=list)

    @property
    def states(self) -> list[tuple[str, Any, int]]:
        """Each state with its words and number, those with none left out."""
        return [
            (key, label, self.by_state[key])
            for key, label in Triage.choices
            if self.by_state.get(key)
        ]


def figures_of(engagement: Engagement) -> Figures:
    """Three queries for any number; texts that moderators hold count, they are only not shown."""
    rows = of_engagement(engagement).counted().order_by()
    reported = rows.count()
    if not reported:
        return Figures()
    by_state: dict[str, int] = {}
    by_severity: dict[str, int] = {}
    counted = rows.filter(lead=None).values_list("state", "severity")
    for state, severity, number in counted.annotate(number=Count("pk")):
        by_state[state] = by_state.get(state, 0) + number
        by_severity[severity] = by_severity.get(severity, 0) + number
    mended = (
        rows.filter(lead=None, mended_in__isnull=False)
        .values_list("mended_in__version", "mended_in__order")
        .annotate(number=Count("pk"))
        .order_by("-mended_in__order", "mended_in__version")
    )
    return Figures(
        reported=reported,
        distinct=sum(by_state.values()),
        by_state=by_state,
        by_severity={key: by_severity.get(key, 0) for key in Severity.values},
        mended=[(version, number) for version, _order, number in mended],
    )


def others_of(rows: Iterable[Finding]) -> dict[int, int]:
    """How many findings each of these leads, by key; one query for a page of them."""
    led = Finding.objects.filter(lead__in=[row.pk for row in rows], contribution__state__in=COUNTED)
    return dict(led.order_by().values_list("lead").annotate(number=Count("pk")))


@dataclass(frozen=True)
class Counts:
    """The board's columns: how many stand in each state, and how many wait for a moderator."""

    by_state: dict[str, int]
    held: int

    @property
    def columns(self) -> list[tuple[str, Any, int]]:
        return [(key, label, self.by_state.get(key, 0)) for key, label in Triage.choices]


def counts_of(rows: FindingQuerySet) -> Counts:
    """Of the rows a board is about, whatever state is chosen; one query."""
    by_state: dict[str, int] = {}
    held = 0
    counted = rows.leading().counted().order_by().values_list("contribution__state", "state")
    for entry, state, number in counted.annotate(number=Count("pk")):
        if entry == "held":
            held += number
        else:
            by_state[state] = by_state.get(state, 0) + number
    return Counts(by_state, held)


def similar_to(finding: Finding) -> list[Finding]:
    """Findings of the product that read like this one, the most alike first; two queries.

    Those of the same step come first and need be less alike. In any script. They are compared as
    they are, not by the index: most are read by officers alone.
    """
    wanted = finding.search
    rows = (
        Finding.objects.read()
        .leading()
        .filter(product=finding.product_id)
        .exclude(pk=finding.pk)
        .exclude(pk=finding.lead_id or 0)
    )
    near = Q(step=finding.step_id) if finding.step_id else Q(pk=None)
    newest = rows.order_by("-received_at", "-pk").values_list("pk", "search")
    here = dict(newest.filter(near)[:COMPARED])
    there = dict(newest.exclude(near)[:COMPARED])
    found = [
        *most_alike(wanted, here, limit=SUGGESTED, least=SAME_STEP),
        *most_alike(wanted, there, limit=SUGGESTED, least=ELSEWHERE),
    ]
    keys = [key for key, _likeness in found[:SUGGESTED]]
    whole = {row.pk: row for row in Finding.objects.whole().filter(pk__in=keys)}
    return [whole[key] for key in keys if key in whole]


def in_another_language(finding: Finding) -> list[Finding]:
    """Findings of the product that are in another language, on the same step and as severe; the
    newest first, one query.

    Their words cannot be compared, so a step is what both must name: without one there is nothing
    to go by and nobody is asked to read all of them. The two Chinese scripts are one language here,
    compared by ``similar_to``.
    """
    if finding.step_id is None:
        return []
    language = finding.contribution.language
    rows = (
        Finding.objects.read()
        .leading()
        .filter(product=finding.product_id, step=finding.step_id, severity=finding.severity)
        .exclude(pk__in=[finding.pk, finding.lead_id or 0])
    )
    chinese = Q(contribution__language__startswith="zh")
    rows = rows.exclude(chinese) if language.startswith("zh") else rows.filter(chinese)
    return list(rows.whole().order_by("-received_at", "-pk")[:OF_ANOTHER_LANGUAGE])
