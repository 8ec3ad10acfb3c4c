"""Duplicates: one finding leads, and whoever reported one of the others is told what becomes of it.

Each finding keeps which one it was put to (``merged_into``) and knows the end of that chain
(``lead``), so that what is merged is triaged as one and taking a merge back needs no guess.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits, page_cache
from core.exceptions import Invalid
from crowdtasks.findings.actions.telling import tell_merged
from crowdtasks.findings.models import Finding
from crowdtasks.findings.policies import can_triage
from crowdtasks.products.models import Product
from participation import live
from participation.policies import require

#: What a finding that stands for itself again takes over from the one that led it.
_TAKEN = ("state", "mended_version", "mended_in_id", "reason", "reason_language")


def _lock(product: int) -> list[Finding]:
    """Hold the product, so that of two merges the later one sees the earlier one; its merged.

    Who reports a finding of it only points to it, and does not wait.
    """
    Product.objects.select_for_update(no_key=True).get(pk=product)
    return list(Finding.objects.filter(product=product, merged_into__isnull=False).order_by("pk"))


def _lock_findings(keys: set[int]) -> dict[int, Finding]:
    """Those findings by number, locked in the order of the numbers, as whoever ships them does."""
    rows = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("contribution", "product__engagement__owner", "engagement", "lead")
        .filter(pk__in=keys)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def _below(top: int, merged: list[Finding]) -> list[Finding]:
    """What was put to a finding, and to those, and so on."""
    found: list[Finding] = []
    keys = {top}
    while keys:
        rows = [row for row in merged if row.merged_into_id in keys]
        found += rows
        keys = {row.pk for row in rows}
    return found


@transaction.atomic
def merge_findings(*, finding: Finding, into: Finding, by: Account) -> Finding:
    """Put ``finding``, with what it leads, to ``into`` or to what leads that one; returns the lead.

    The same merge again writes nothing. Raises Absent by policy, Invalid (field 'into') for itself,
    one it leads, another product's and one nobody can read, TooMany.
    """
    limits.spend("triage_finding", by.public_id)
    merged = _lock(finding.product_id)
    # Who leads whom stands while the product is held; only then are they locked, all at once.
    leads = {row.pk: row.lead_id for row in merged if row.lead_id is not None}
    below = _below(finding.pk, merged)
    keys = {finding.pk, into.pk, leads.get(into.pk, into.pk), *(row.pk for row in below)}
    rows = _lock_findings(keys)
    finding = rows[finding.pk]
    require(can_triage(by, finding.product.engagement))
    if into.pk == finding.pk:
        raise Invalid(_("A finding cannot be merged into itself."), field="into", code="self")
    into = rows[into.pk]
    if into.product_id != finding.product_id:
        raise Invalid(_("This is a finding of another product."), field="into", code="elsewhere")
    if into.contribution.state not in {"published", "confidential"}:
        raise Invalid(_("This finding cannot be read now."), field="into", code="not-read")
    lead = rows[into.lead_id] if into.lead_id else into
    if lead.pk == finding.pk:
        raise Invalid(
            _("The other one is merged into this finding already."), field="into", code="circle"
        )
    if finding.lead_id == lead.pk:
        return lead
    finding.merged_into, finding.lead = into, lead
    written = [finding, *(rows[row.pk] for row in below)]
    _write(written, lead)
    _record("finding.merge", finding, written, by)
    tell_merged(finding, lead)
    return lead


@transaction.atomic
def unmerge_finding(*, finding: Finding, by: Account) -> Finding:
    """Let a merged finding stand for itself again, and for what was put to it. Twice does nothing.

    It keeps its own state of before. Raises Absent by policy, TooMany.
    """
    limits.spend("triage_finding", by.public_id)
    merged = _lock(finding.product_id)
    rows = _lock_findings({finding.pk, *(row.pk for row in _below(finding.pk, merged))})
    finding = rows[finding.pk]
    require(can_triage(by, finding.product.engagement))
    if finding.merged_into_id is not None:
        _take_apart(finding, merged, by)
    return finding


def _take_apart(finding: Finding, merged: list[Finding], by: Account | str) -> None:
    finding.merged_into, finding.lead = None, None
    below = _below(finding.pk, merged)
    finding.changed_at = clock.now()
    finding.save(update_fields=["merged_into", "lead", "changed_at"])
    _write(below, finding)
    _record("finding.unmerge", finding, [finding, *below], by)


def _write(rows: list[Finding], lead: Finding) -> None:
    for row in rows:
        row.lead, row.changed_at = lead, clock.now()
        row.save(update_fields=["merged_into", "lead", "changed_at"])


def _record(verb: str, finding: Finding, rows: list[Finding], by: Account | str) -> None:
    audit.record(
        verb,
        actor=by,
        engagement_id=finding.product.engagement.public_id,
        subject=finding.contribution.public_id,
        rows=rows,
    )
    page_cache.purge(live.tag(finding.product.engagement), live.tag(finding.engagement))


def release_led(lead: Finding) -> None:
    """What was put to a finding that nobody reads any more stands for itself, where the lead stood.

    Nobody's finding goes with somebody else's withdrawal. The withdrawn one leaves its own lead.
    Called within the act on its entry.
    """
    merged = _lock(lead.product_id)
    rows = _lock_findings({lead.pk, *(row.pk for row in _below(lead.pk, merged))})
    lead = rows[lead.pk]
    root = lead.lead or lead
    for row in [row for row in merged if row.merged_into_id == lead.pk]:
        one = rows[row.pk]
        for name in _TAKEN:
            setattr(one, name, getattr(root, name))
        one.save(update_fields=[name.removesuffix("_id") for name in _TAKEN])
        _take_apart(one, merged, audit.SYSTEM)
        row.merged_into_id = None
    if lead.merged_into_id is not None:
        _take_apart(lead, [], audit.SYSTEM)
