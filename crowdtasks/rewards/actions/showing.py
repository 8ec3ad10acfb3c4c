"""Showing a code to its owner: once a sign-in, a few times in all, each time written down."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account, Person
from accounts.sessions import FRESH
from core import audit, clock, limits
from core.exceptions import Conflict, Refused, Unavailable
from crowdtasks.rewards.actions.telling import tell_shown_again
from crowdtasks.rewards.models import Redemption, RedemptionState, Showing
from crowdtasks.rewards.models.redemption import SHOWINGS_MAXIMUM
from crowdtasks.rewards.sealing import Code, Unsealable, unseal

logger = logging.getLogger(__name__)


@sensitive_variables()
def opened(redemption: Redemption, sealed: str, expected: str) -> Code:
    """A sealed code or collection code of this redemption.

    Raises ``Unavailable`` where no key of this installation opens it, and tells operators so.
    """
    try:
        return unseal(sealed, expected)
    except Unsealable as why:
        logger.exception(
            "A code cannot be opened: is a key of VOUCHER_KEYS missing?",
            extra={"row": redemption.pk},
        )
        raise Unavailable(
            _(
                "The code cannot be shown at the moment: something is missing on our side. Nothing"
                " is lost, and this was not counted. Try again later, or write to us with the"
                " number of this page."
            ),
            code="sealed",
        ) from why


@sensitive_variables()
def show_code(
    *, redemption: Redemption, person: Person, account: Account, signed_in_at: dt.datetime | None
) -> Code:
    """The code of a voucher, for the page that answers this very request.

    ``signed_in_at`` is when the session signed in: minutes ago, and not the one that has seen the
    code. The second and third time its owner is told. Raises ``Refused`` (``code`` not-fresh or
    often), ``Conflict`` (seen in this sign-in, or no code to show), ``TooMany``, and
    ``Unavailable`` where no key opens it: then this was no showing.
    """
    limits.spend("show_code", person.public_id)
    return _show(redemption, person, account, signed_in_at)


@sensitive_variables()
@transaction.atomic
def _show(
    redemption: Redemption, person: Person, account: Account, signed_in_at: dt.datetime | None
) -> Code:
    now = clock.now()
    row = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("unit", "reward__bureau")
        .get(pk=redemption.pk, person=person)
    )
    if row.state != RedemptionState.GIVEN or row.unit.digest is None:
        raise Conflict(_("There is no code to show here."), code="no-code")
    if signed_in_at is None or not dt.timedelta() <= now - signed_in_at <= FRESH:
        raise Refused(_("Sign in again first."), code="not-fresh")
    before = list(row.showings.order_by("number"))
    if any(one.sign_in == signed_in_at for one in before):
        raise Conflict(
            _("The code was shown a moment ago. To see it again, sign in again."), code="shown"
        )
    if len(before) >= SHOWINGS_MAXIMUM:
        raise Refused(
            _("The code was shown three times. Write to us with the number of this page."),
            code="often",
        )
    code = opened(row, row.unit.sealed, row.unit.digest)
    showing = Showing.objects.create(
        redemption=row, number=len(before) + 1, sign_in=signed_in_at, at=now
    )
    audit.record("reward.show", actor=account, subject=row.public_id, rows=[showing])
    if before:
        tell_shown_again(row, showing.number)
    return code
