"""Single presses of administrators: offer, take out, withdraw what is left of a batch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import Account
from core.exceptions import Invalid
from crowdtasks.rewards.access import access_batch, access_managed_reward
from crowdtasks.rewards.actions.catalogue import offer_reward, withdraw_reward
from crowdtasks.rewards.actions.stock import withdraw_batch
from crowdtasks.rewards.forms.stock import label_of
from crowdtasks.rewards.views.stock import administrators, back_to


@administrators
@require_POST
def offer(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Put a reward into the catalogue."""
    row = access_managed_reward(public_id, by=by)
    try:
        offer_reward(reward=row, by=by)
    except Invalid as error:
        # The page has no form: which of the texts is meant has to be said.
        messages.error(request, f"{label_of(error.field)} – {error}")
    else:
        messages.success(request, _("It stands in the catalogue."))
    return back_to(row)


@administrators
@require_POST
def withdraw(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """Take a reward out of the catalogue."""
    row = access_managed_reward(public_id, by=by)
    withdraw_reward(reward=row, by=by)
    messages.success(request, _("It is out of the catalogue. What was redeemed stays."))
    return back_to(row)


@administrators
@require_POST
def withdraw_batch_view(request: HttpRequest, by: Account, public_id: str) -> HttpResponse:
    """What is left of a batch may not be given any more."""
    batch = access_batch(public_id, by=by)
    count = withdraw_batch(batch=batch, by=by)
    messages.success(
        request,
        ngettext("%(count)s was taken out of stock.", "%(count)s were taken out of stock.", count)
        % {"count": f"{count:,}"},
    )
    return back_to(batch.reward)
