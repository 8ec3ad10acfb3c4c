"""Whom to tell what became of a finding; nothing here sends mail."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Account
from crowdtasks.findings.models import Change, Finding
from crowdtasks.findings.querysets import COUNTED
from notifications.actions import notify

#: Characters of a finding in a mail; all of it is on its page.
BEGINNING = 200


def reporters_of(findings: Any) -> list[tuple[Finding, list[Account]]]:
    """The living accounts of who reported each, in two queries.

    Of one that nobody was signed in for, whoever handed in its try, or took its reward with the
    claim code (as ``FindingQuerySet.of`` has it).
    """
    rows = list(
        findings.select_related(
            "contribution__receipt", "contribution__person", "attempt__contribution__award"
        )
    )
    persons = {}
    for row in rows:
        tried = row.attempt.contribution if row.attempt else None
        award = getattr(tried, "award", None)
        persons[row.pk] = (
            row.contribution.person_id
            or (tried.person_id if tried else None)
            or (award.person_id if award else None)
        )
    accounts: dict[int, list[Account]] = {}
    for account in Account.objects.filter(
        person__in=[one for one in persons.values() if one], is_active=True
    ).order_by("pk"):
        accounts.setdefault(account.person_id, []).append(account)
    return [(row, accounts.get(persons[row.pk] or 0, [])) for row in rows]


def family(lead: Finding) -> Any:
    """A finding and everything that was merged into it, as far as it stands."""
    return Finding.objects.filter(
        Q(pk=lead.pk) | Q(lead=lead.pk), contribution__state__in=COUNTED
    ).order_by("pk")


def _about(finding: Finding, own: Finding) -> dict[str, Any]:
    """``own`` is the reader's, which may be merged into the one decided on."""
    engagement = finding.product.engagement
    return {
        "title": engagement.title,
        "bureau": engagement.owner.name,
        "finding": own.title[:BEGINNING],
    }


def _path(own: Finding) -> str:
    return f"/receipts/{own.contribution.receipt.code}/"


def tell_decided(finding: Finding, change: Change) -> None:
    """What the bureau makes of it, with its reason."""
    for own, accounts in reporters_of(family(finding)):
        notify(
            kind="finding-decided",
            event_key=f"finding-decided:{change.public_id}",
            to=accounts,
            params={
                **_about(finding, own),
                "state": change.state,
                "build": change.version,
                "reason": change.reason,
            },
            path=_path(own),
        )


def tell_shipped(finding: Finding, change: Change | None) -> None:
    """The build that mends it is there."""
    build = finding.mended_in
    if build is None:
        return
    said = change.public_id if change else finding.contribution.public_id
    for own, accounts in reporters_of(family(finding)):
        notify(
            kind="finding-shipped",
            event_key=f"finding-shipped:{said}:{build.public_id}",
            to=accounts,
            params={
                **_about(finding, own),
                "build": build.version,
                "reason": finding.reason,
            },
            path=_path(own),
        )


def tell_merged(finding: Finding, lead: Finding) -> None:
    """Others found the same: where it stands now holds for this one too."""
    rows = Finding.objects.filter(pk=finding.pk)
    for own, accounts in reporters_of(rows):
        notify(
            kind="finding-merged",
            event_key=f"finding-merged:{finding.contribution.public_id}:"
            f"{lead.contribution.public_id}",
            to=accounts,
            params={
                **_about(finding, own),
                "state": lead.state,
                "build": lead.mended_version,
            },
            path=_path(own),
        )
