"""A person's own findings: what is exported. The texts are entries of the register, and go and stay
with those; pictures are taken away when the account is closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import export
from accounts.data_words import register_values
from accounts.models import Account
from accounts.persons import everything_of
from crowdtasks.findings.models import Finding, Severity, Triage


def _findings(account: Account) -> list[dict[str, Any]]:
    rows = (
        Finding.objects.of(everything_of(account.person))
        .whole()
        .select_related("lead__contribution")
        .order_by("pk")
    )
    return [
        {
            "id": row.contribution.public_id,
            "engagement": row.engagement.public_id,
            "build": row.build.version if row.build else None,
            "step": row.step.title if row.step else None,
            "received_at": row.received_at.isoformat(),
            "happened": row.happened,
            "expected": row.expected or None,
            "severity": row.severity,
            "device": row.device or None,
            "finding_state": row.state,
            "mended_in": row.mended_version or None,
            "reason": row.reason or None,
            "led_by": row.lead.contribution.public_id if row.lead else None,
        }
        for row in rows
    ]


def register() -> None:
    """Called from ``ready()``."""
    register_values("severity", dict(Severity.choices))
    register_values("finding_state", dict(Triage.choices))
    export.register_section("findings", _("What I found"), _findings)
