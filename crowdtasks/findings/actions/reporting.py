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
from crowdtasks.products.access import access_step
from crowdtasks.products.models import Attempt, Build, Product, Round, Step
from participation import live
from participation.actions.attachments import attach_tray
from participation.actions.contributions import (
    Received,
    Sent,
    already_received,
    already_sent,
    receive_contribution,
)
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


class Found(NamedTuple):
    """What makes two findings of one text the same."""

    said: Said
    severity: str
    build: Build | None
    step: int | None


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
    step: int | None = None,
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

    One of ``round`` and ``product`` is given. ``step`` is its number in the round, from 1.
    ``attempt`` is the try it came from; without a ``person`` it is what binds the finding to
    somebody. ``observer`` is the officer who writes down what happened to others, for the bureau
    only. The same form (``idempotency_key``) again gives the same receipt, whatever has closed,
    been spent, taken back or numbered anew meanwhile. ``source`` is the key of the network address,
    for who is not signed in.

    Raises Closed, SignInNeeded, Refused by policy, Absent for a step, try or build of something
    else or for one that was taken back, Invalid with its field (happened, expected, device,
    severity, publish_choice), TooMany, Conflict for a key that came with another finding.
    """
    engagement, product = _where(round, product)
    if observer is not None:
        limits.spend("triage_finding", observer.public_id)
        require(can_observe(observer, engagement))
        publish_choice = PublishChoice.CONFIDENTIAL
    said = clean_said(happened, expected, device)
    text = "\n\n".join(filter(None, [said.happened, said.expected]))
    found = Found(said, severity, round.build if round is not None else build, step)
    earlier = already_received(
        person=person,
        idempotency_key=idempotency_key,
        sent=Sent(engagement, KIND, publish_choice, text),
    )
    if earlier:
        return _same_finding(earlier, found)
    if observer is None:
        require(can_report(engagement=engagement, person=person, now=clock.now()))
        refusal = audience.refusal_of(round, person) if round is not None else None
        if refusal is not None:
            raise refusal
        if person is None:
            limits.spend("report_finding_address", source)
    if severity not in Severity.values:
        raise Invalid(_("Say how bad it is."), field="severity")
    if publish_choice not in CHOICES:
        raise Invalid(_("Choose who may read it."), field="publish_choice")
    place = _step(round, step)
    _check_place(round, product, build, attempt)
    received = receive_contribution(
        engagement=engagement,
        person=person,
        account=account,
        kind=KIND,
        text=text,
        language=language,
        publish_choice=publish_choice,
        channel=channel,
        idempotency_key=idempotency_key,
        max_length=WHOLE_LIMIT,
        field="happened",
    )
    if not received.new:
        return _same_finding(received, found)
    entry = received.contribution
    finding = Finding.objects.create(
        contribution=entry,
        engagement=engagement,
        product=product,
        build=found.build,
        step=place,
        step_number=step,
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


def _same_finding(earlier: Received, found: Found) -> Receipt:
    """The receipt of the same form; Conflict when its key came back with anything else.

    A round's finding is of the round's build, whichever that is by now.
    """
    row = Finding.objects.select_related("build", "step").get(contribution=earlier.contribution)
    said = Said(row.happened, row.expected, row.device)
    first = Found(said, row.severity, row.build, row.asked_step)
    if row.product_id != row.engagement_id:
        first = first._replace(build=found.build)
    if first != found:
        raise already_sent()
    return earlier.receipt


def _where(round: Round | None, product: Product | None) -> tuple[Engagement, Product]:
    if round is not None and product is None:
        return round.engagement, round.build.product
    if product is not None and round is None:
        return product.engagement, product
    raise ValueError("A finding is of a round or of a product.")


def _step(round: Round | None, number: int | None) -> Step | None:
    """The round's step of that number. Raises Absent where there is none."""
    if number is None:
        return None
    if round is None:
        raise Absent
    return access_step(round, number)[0]


def _check_place(
    round: Round | None, product: Product, build: Build | None, attempt: Attempt | None
) -> None:
    """Raise Absent for another round's try, and for a build that is not one of the product's now;
    a round has its own, whichever is named."""
    if attempt is not None and (round is None or attempt.round_id != round.pk):
        raise Absent
    if round is not None or build is None:
        return
    if build.product_id != product.pk or build.retired_at is not None:
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
