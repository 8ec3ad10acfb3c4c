"""Reporting and deciding, through the same actions that citizens, moderators and officers use."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Account
from core.ids import receipt_code
from crowdtasks.findings.actions.merging import merge_findings
from crowdtasks.findings.actions.reporting import KIND, report_finding
from crowdtasks.findings.actions.triage import decide_finding
from crowdtasks.findings.models import Finding
from crowdtasks.products.models import Attempt, Round
from participation.actions.attachments import add_file
from participation.demo import Scene
from participation.models import PublishChoice

from .data import FindingData
from .picture import draw


def report(
    data: FindingData, row: Round, attempt: Attempt, account: Account | None, scene: Scene
) -> Finding:
    """Somebody reports what went wrong at a step of their try, at the moment of the clock."""
    person = account.person if account else None
    tray = ""
    if data.pictured:
        tray = receipt_code()
        add_file(
            upload=SimpleUploadedFile("screen.png", draw(), "image/png"),
            tray=tray,
            engagement=row.engagement,
            kind=KIND,
            person=person,
            account=account,
            source="demo",
        )
    receipt = report_finding(
        round=row,
        happened=data.happened,
        expected=data.expected,
        severity=data.severity,
        device=data.device,
        step=data.step,
        attempt=attempt,
        person=person,
        account=account,
        publish_choice=PublishChoice.ALIAS if data.public else PublishChoice.CONFIDENTIAL,
        language=data.language,
        tray=tray,
        source="demo",
    )
    return Finding.objects.get(contribution=receipt.contribution_id)


def clear(found: Iterable[tuple[FindingData, Finding]], scene: Scene) -> None:
    """A moderator reads what everybody may."""
    for data, finding in found:
        if data.public:
            scene.clear(finding.contribution)


def triage(found: list[tuple[FindingData, Finding]], by: Account, scene: Scene) -> None:
    """The bureau merges and decides, in the order of the days."""
    leads = {data.key: finding for data, finding in found if data.key}
    merges = [(data.merged, finding, data.same_as) for data, finding in found if data.same_as]
    steps = [(step.day, finding, step) for data, finding in found for step in data.decided]
    for day in sorted({day for day, *_rest in [*merges, *steps]}):
        with scene.on(scene.days.at(day, 15)):
            for at, finding, step in steps:
                if at == day:
                    finding.refresh_from_db()
                    decide_finding(
                        finding=finding,
                        state=step.state,
                        version=step.build,
                        reason=step.reason,
                        language=step.language,
                        known=finding.state,
                        by=by,
                    )
            for at, finding, same_as in merges:
                if at == day:
                    merge_findings(finding=finding, into=leads[same_as], by=by)
