"""What the bureau makes of a finding: confirmed, planned, mended in a build, or not and why."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, jobs, limits, page_cache
from core.exceptions import Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from crowdtasks.findings.actions.telling import tell_decided, tell_shipped
from crowdtasks.findings.models import Change, Finding, Triage
from crowdtasks.findings.policies import can_triage
from crowdtasks.products.models import Build, Product
from participation import live
from participation.policies import require

REASON_LIMIT = 500
VERSION_LIMIT = 40
BATCH = 100


def later_builds(finding: Finding) -> list[Build]:
    """The builds that can have mended it: public ones that came after its own, newest first."""
    rows = Build.objects.standing().filter(product=finding.product_id)
    if finding.build is not None:
        rows = rows.filter(order__gt=finding.build.order)
    return list(rows)


@transaction.atomic
def decide_finding(
    *,
    finding: Finding,
    state: str,
    by: Account,
    version: str = "",
    reason: str = "",
    language: str,
    known: str,
) -> Finding:
    """Put a finding into another state; whoever reported it, or one merged into it, is told.

    ``version`` names the build that mends it: one that is public and later than the finding's, or
    one that is not public yet; the reporters hear of it once it is. ``reason`` is public;
    ``language`` is the one it is written in. ``known`` is the state the officer was shown. What is
    as it was writes nothing. Raises Absent by policy, Conflict where somebody else was first,
    Invalid with its field (state, version, reason), TooMany.
    """
    limits.spend("triage_finding", by.public_id)
    finding = _locked(finding)
    require(can_triage(by, finding.product.engagement))
    if finding.lead_id is not None:
        raise Invalid(
            _("It is merged into another finding: decide on that one."), field="state", code="led"
        )
    if state not in Triage.values:
        raise Invalid(_("Choose what becomes of it."), field="state")
    build, version = _build_of(finding, version) if state == Triage.MENDED else (None, "")
    reason = clean_text(
        reason, max_length=REASON_LIMIT, field="reason", required=state == Triage.DECLINED
    )
    wanted = (state, version, reason)
    if wanted == (finding.state, finding.mended_version, finding.reason):
        return finding
    if known != finding.state:
        raise Conflict(
            _("A colleague decided on it meanwhile. Read it again first."), code="decided"
        )
    now = clock.now()
    finding.state, finding.mended_version, finding.reason = wanted
    finding.mended_in = build
    finding.reason_language = known_language(language) if reason else ""
    finding.changed_at = now
    finding.save(
        update_fields=[
            "state",
            "mended_version",
            "mended_in",
            "reason",
            "reason_language",
            "changed_at",
        ]
    )
    change = Change.objects.create(
        finding=finding,
        state=state,
        version=version,
        reason=reason,
        language=finding.reason_language,
        at=now,
        by=by,
    )
    audit.record(
        "finding.triage",
        actor=by,
        engagement_id=finding.product.engagement.public_id,
        subject=finding.contribution.public_id,
        rows=[finding, change],
    )
    if build is not None:
        tell_shipped(finding, change)
    elif state != Triage.NEW:
        tell_decided(finding, change)
    _purge(finding)
    return finding


def _locked(finding: Finding) -> Finding:
    return (
        Finding.objects.select_for_update(of=("self",))
        .select_related(
            "contribution", "engagement", "product__engagement__owner", "build", "mended_in"
        )
        .get(pk=finding.pk)
    )


def _build_of(finding: Finding, version: str) -> tuple[Build | None, str]:
    """The public build of that version, or none yet. Raises ``Invalid`` (field 'version')."""
    version = clean_text(
        version, max_length=VERSION_LIMIT, field="version", multiline=False, required=False
    )
    if not version:
        raise Invalid(_("Name the build that mends it."), field="version")
    standing = Build.objects.standing().filter(product=finding.product_id, version=version).first()
    if standing is None:
        return None, version
    if finding.build is not None and standing.order <= finding.build.order:
        raise Invalid(
            _("It was found in build %(found)s: a later build mends it.")
            % {"found": finding.build.version},
            field="version",
            code="earlier",
        )
    return standing, version


def _purge(finding: Finding) -> None:
    page_cache.purge(live.tag(finding.product.engagement), live.tag(finding.engagement))


def builds_published(product: Product) -> None:
    """The builds of a product were written: findings that wait for one of them are looked at.

    Called in the transaction that publishes (``products.hooks``).
    """
    engagement = product.engagement
    jobs.enqueue("findings.ship", product.pk, run_after=engagement.opens_at)


@transaction.atomic
def ship_findings(*, product: int) -> int:
    """Tell of the next findings whose named build is public now; returns how many.

    Safe to run twice. Called by the job alone.
    """
    builds = {
        build.version: build
        for build in Build.objects.standing().filter(
            product=product,
            product__engagement__state="published",
            product__engagement__opens_at__lte=clock.now(),
        )
    }
    waiting = (
        Finding.objects.select_for_update(of=("self",))
        .select_related(
            "contribution", "engagement", "product__engagement__owner", "build", "mended_in"
        )
        .filter(
            product=product,
            state=Triage.MENDED,
            mended_in__isnull=True,
            lead__isnull=True,
            mended_version__in=list(builds),
        )
    )
    rows = list(waiting.order_by("pk")[:BATCH])
    for finding in rows:
        finding.mended_in = builds[finding.mended_version]
        finding.changed_at = clock.now()
        finding.save(update_fields=["mended_in", "changed_at"])
        change = finding.changes.filter(state=Triage.MENDED).order_by("at", "pk").last()
        audit.record(
            "finding.ship",
            actor=audit.SYSTEM,
            engagement_id=finding.product.engagement.public_id,
            subject=finding.contribution.public_id,
            rows=[finding],
        )
        tell_shipped(finding, change)
        _purge(finding)
    return len(rows)
