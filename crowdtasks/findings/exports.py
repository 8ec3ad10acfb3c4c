"""What a bureau takes away: each finding it reads, with where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import dates
from core.texts import pick
from crowdtasks.findings.models import Severity, Triage
from crowdtasks.findings.querysets import FindingQuerySet
from feedback.files.table import Column, Row

CHUNK = 1000
COLUMNS = [
    Column("id", _("Number in the register")),
    Column("received_at", pgettext_lazy("time", "Received at")),
    Column("where", pgettext_lazy("of a finding", "Reported in")),
    Column("build", _("Build")),
    Column("step", _("Step")),
    Column("severity", _("How bad it was"), lambda key: str(Severity(key).label)),
    Column("happened", _("What happened")),
    Column("expected", _("What was expected")),
    Column("device", _("Device and browser")),
    Column("state", pgettext_lazy("report", "State"), lambda key: str(Triage(key).label)),
    Column("mended_in", _("Mended in build")),
    Column("reason", _("Reason of the decision")),
    Column("merged_into", _("Merged into")),
    Column("language", pgettext_lazy("report", "Language")),
]


def rows(found: FindingQuerySet, language: str) -> Iterator[Row]:
    """In the order they came, merged ones too."""
    read = found.read().whole().select_related("lead__contribution")
    for one in read.order_by("received_at", "pk").iterator(chunk_size=CHUNK):
        yield {
            "id": one.contribution.public_id,
            "received_at": one.received_at.astimezone(dates.ZONE).isoformat(timespec="seconds"),
            "where": pick(one.engagement.title, language).text,
            "build": one.build.version if one.build else None,
            "step": pick(one.step.title, language).text if one.step else None,
            "severity": one.severity,
            "happened": one.happened,
            "expected": one.expected or None,
            "device": one.device or None,
            "state": one.state,
            "mended_in": one.mended_version or None,
            "reason": one.reason or None,
            "merged_into": one.lead.contribution.public_id if one.lead else None,
            "language": one.contribution.language,
        }
