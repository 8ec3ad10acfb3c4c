"""Findings for moderators and in the register: how one is shown, what its receipt says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from crowdtasks.findings.actions.reporting import KIND, WHOLE_LIMIT, follow_contribution
from crowdtasks.findings.models import Finding
from moderation import registry
from moderation.registry import Passage, TargetView
from participation import kinds
from participation.attachments import holders
from participation.attachments.holders import Holder
from participation.attachments.shown import all_files_of
from participation.entry_targets import entry_target, entry_view
from participation.kinds import Kind
from participation.models import Contribution, ContributionState, Engagement
from questionnaires.visit import sent_by_visit

MOST_FILES = 3


def load_findings(public_ids: Iterable[str]) -> Mapping[str, TargetView]:
    """Several at once for the queue, in two queries; withdrawn ones are left out."""
    rows = list(
        Finding.objects.filter(contribution__public_id__in=list(public_ids))
        .exclude(contribution__state=ContributionState.WITHDRAWN)
        .select_related(
            "contribution__engagement__owner",
            "contribution__person",
            "contribution__receipt",
            "build",
            "step",
        )
    )
    files = all_files_of(row.contribution for row in rows)
    return {
        row.contribution.public_id: replace(
            entry_view(row.contribution),
            passages=tuple(_passages(row)),
            files=files.get(row.contribution.pk, ()),
            public_path=f"/e/{row.contribution.engagement.public_id}/findings/",
        )
        for row in rows
    }


def _passages(finding: Finding) -> Iterable[Passage]:
    language = get_language() or "en"
    where = [f"{finding.build.version}"] if finding.build else []
    if finding.step is not None:
        where.append(pick(finding.step.title, language).text)
    if where:
        yield Passage(label=_("Found in"), text=" · ".join(where), language=language)


FINDING = entry_target(KIND, _("Finding"), load_findings)


def _takes_files(engagement: Engagement) -> bool:
    """Wherever findings are reported."""
    return engagement.kind in {"round", "product"}


def _receipt(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """Where it stands with the bureau, to whoever has the receipt; its words to who sent it."""
    finding = (
        Finding.objects.select_related(
            "build", "step", "mended_in", "lead__mended_in", "attempt__draft", "engagement"
        )
        .filter(contribution=contribution)
        .first()
    )
    if finding is None:
        return {}
    code = contribution.receipt.code
    mine = own or (contribution.person_id is None and sent_by_visit(request, code))
    return {
        "part": "findings/parts/receipt.html",
        "finding": finding,
        "standing": finding.lead or finding,
        "mine": mine,
        "goes_on": mine and finding.attempt is not None and finding.attempt.contribution_id is None,
    }


def register() -> None:
    """Called from ``ready()``."""
    kinds.register(
        Kind(
            KIND,
            _("Finding"),
            pgettext_lazy("entries", "Findings"),
            _("of which findings"),
            "findings",
            verb="test",
            limit="report_finding",
            text_limit=WHOLE_LIMIT,
        )
    )
    kinds.on_change(KIND, follow_contribution)
    kinds.on_receipt(KIND, _receipt)
    holders.register(Holder(kind=KIND, verb="test", accepts=_takes_files, most=MOST_FILES))
    registry.register(FINDING)
