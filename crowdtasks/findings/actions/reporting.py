"""Reporting a finding, and following what moderation makes of it.

The text in the register is what happened and what was expected; nobody's name is ever shown with
it. Device and browser are for the bureau alone and stand beside it.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core import audit, clock, limits, page_cache
from core.exceptions import Absent, Invalid
from core.text import clean_text, fold
from crowdtasks.findings.actions.merging import release_led
from crowdtasks.findings.device import LIMIT as DEVICE_LIMIT
from crowdtasks.findings.models import Finding, Severity
from crowdtasks.findings.policies import can_observe, can_report
from crowdtasks.products import audience
from crowdtasks.products.models import Attempt, Build, Product, Round, Step
from participation import live
from participation.actions.attachments import attach_tray
from participation.actions.contributions import receive_contribution
from participation.models import (
    Channel,
    Contribution,
    ContributionState,
    Engagement,
    PublishChoice,
    Receipt,
)
from participation.policies import require

KIND = "finding"
TEXT_LIMIT = 4000
#: What happened and what was expected together.
WHOLE_LIMIT = 2 * TEXT_LIMIT + 2
#: Public without a name, or to the bureau only: a finding shows nobody's.
CHOICES = (PublishChoice.CONFIDENTIAL, PublishChoice.ALIAS)


class Said(NamedTuple):
    """What a finding says, cleaned."""

    happened: str
    expected: str
    device: str


def clean_said(happened: str, expected: str, device: str) -> Said:
    """The texts as they are kept. Raises ``Invalid`` with the field."""
    return Said(
        clean_text(happened, max_length=TEXT_LIMIT, field="happened"),
        clean_text(expected, max_length=TEXT_LIMIT, field="expected", required=False),
        clean_text(
            device, max_length=DEVICE_LIMIT, field="device", multiline=False, required=False
        ),
    )


@transaction.atomic
def report_finding(
    *,
    round: Round | None = None,
    product: Product | None = None,
    happened: str,
    severity: str,
    language: str,
    expected: str = "",
    device: str = "",
    build: Build | None = None,
    step: Step | None = None,
    attempt: Attempt | None = None,
    person: Person | None = None,
    account: Account | None = None,
    observer: Account | None = None,
    publish_choice: str = PublishChoice.CONFIDENTIAL,
    tray: str = "",
    channel: str = Channel.WEB,
    idempotency_key: str = "",
    source: str = "",
) -> Receipt:
    """Take a finding of a round's build, or of a product, and give its receipt.

    One of ``round`` and ``product`` is given. ``attempt`` is the try it came from; without a
    ``person`` it is what binds the finding to somebody. ``observer`` is the officer who writes down
    what happened to others, for the bureau only. The same form (``idempotency_key``) again gives
    the same receipt. ``source`` is the key of the network address, for who is not signed in.

    Raises Closed, SignInNeeded, Refused by policy, Absent for a step, try or build of something
    else, Invalid with its field (happened, expected, device, severity, publish_choice), TooMany,
    Conflict.
    """
    engagement, product = _where(round, product)
    if observer is not None:
        limits.spend("triage_finding", observer.public_id)
        require(can_observe(observer, engagement))
        publish_choice = PublishChoice.CONFIDENTIAL
    else:
        require(can_report(engagement=engagement, person=person, now=clock.now()))
        refusal = audience.refusal_of(round, person) if round is not None else None
        if refusal is not None:
            raise refusal
        if person is None:
            limits.spend("report_finding_address", source)
    said = clean_said(happened, expected, device)
    if severity not in Severity.values:
        raise Invalid(_("Say how bad it is."), field="severity")
    if publish_choice not in CHOICES:
        raise Invalid(_("Choose who may read it."), field="publish_choice")
    build = _build(round, product, build)
    _check_place(round, step, attempt)
    received = receive_contribution(
        engagement=engagement,
        person=person,
        account=account,
        kind=KIND,
        text="\n\n".join(filter(None, [said.happened, said.expected])),
        language=language,
        publish_choice=publish_choice,
        channel=channel,
        idempotency_key=idempotency_key,
        max_length=WHOLE_LIMIT,
        field="happened",
    )
    if not received.new:
        return received.receipt
    entry = received.contribution
    finding = Finding.objects.create(
        contribution=entry,
        engagement=engagement,
        product=product,
        build=build,
        step=step,
        attempt=attempt,
        observer=observer,
        happened=said.happened,
        expected=said.expected,
        severity=severity,
        device=said.device,
        received_at=entry.received_at,
        changed_at=entry.received_at,
        search=fold(f"{said.happened}\n{said.expected}"),
    )
    attach_tray(tray=tray, contribution=entry, person=person, account=account)
    audit.record(
        "finding.describe",
        actor=observer or account or person or audit.SYSTEM,
        engagement_id=engagement.public_id,
        subject=entry.public_id,
        rows=[finding],
    )
    changed(finding)
    return received.receipt


def _where(round: Round | None, product: Product | None) -> tuple[Engagement, Product]:
    if round is not None and product is None:
        return round.engagement, round.build.product
    if product is not None and round is None:
        return product.engagement, product
    raise ValueError("A finding is of a round or of a product.")


def _build(round: Round | None, product: Product, build: Build | None) -> Build | None:
    """The build it was found in: the round's own, or one of the product's."""
    if round is not None:
        return round.build
    if build is not None and build.product_id != product.pk:
        raise Absent
    return build


def _check_place(round: Round | None, step: Step | None, attempt: Attempt | None) -> None:
    wanted = {row.round_id for row in (step, attempt) if row is not None}
    if wanted - {round.pk if round is not None else None}:
        raise Absent


def changed(finding: Finding) -> None:
    """Let pages that count findings be made anew: the product's, and the round's."""
    page_cache.purge(live.tag(finding.engagement), live.tag(finding.product.engagement))


@transaction.atomic
def follow_contribution(contribution: Contribution) -> None:
    """A finding's entry changed: who withdrew it, or had it withheld, leads nobody else's.

    Called in the transaction of every act on the entry (``participation.kinds.on_change``).
    """
    finding = (
        Finding.objects.select_related("product__engagement", "engagement")
        .filter(pk=contribution.pk)
        .first()
    )
    if finding is None:
        return
    if contribution.state in {ContributionState.WITHDRAWN, ContributionState.WITHHELD}:
        release_led(finding)
    changed(finding)
