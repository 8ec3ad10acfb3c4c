"""Findings for tests, reported and triaged through the real actions."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import Account
from crowdtasks.findings.actions.reporting import report_finding
from crowdtasks.findings.actions.triage import decide_finding
from crowdtasks.findings.models import Finding
from crowdtasks.products.models import Build, Round
from tests.factories.products import build as block
from tests.factories.products import builds_of, make_product, make_round

_numbers = count(1)


def make_tested(**fields: Any) -> tuple[Round, Build, Build]:
    """An open round of build 1 of a product that has build 2 as well."""
    _page, product = make_product(builds=[block("1"), block("2")], **fields)
    first, second = builds_of(product)
    return make_round(build=first)[1], first, second


def find(round: Round, account: Account | None = None, **fields: Any) -> Finding:
    """A finding for the bureau alone, unless the fields say otherwise."""
    receipt = report_finding(
        round=round,
        person=account.person if account else None,
        account=account,
        **{
            "happened": f"The list of seats stays empty, number {next(_numbers)}.",
            "severity": "hard",
            "language": "en",
            "source": "address:192.0.2.7",
            **fields,
        },
    )
    return Finding.objects.select_related(
        "contribution__engagement", "product__engagement", "engagement", "build", "step"
    ).get(contribution=receipt.contribution)


def triage(finding: Finding, by: Account, state: str, **how: Any) -> Finding:
    """The finding after an officer decided on it as it stands."""
    finding.refresh_from_db()
    decide_finding(
        finding=finding, state=state, by=by, **{"language": "en", "known": finding.state, **how}
    )
    finding.refresh_from_db()
    return finding
