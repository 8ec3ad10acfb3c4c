"""What a round adds to answering: its questions come after the steps, on pages of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Person
from crowdtasks.products.actions.round import KIND
from crowdtasks.products.actions.trying import receive_attempt
from crowdtasks.products.models import Attempt
from participation.models import Contribution, Engagement
from questionnaires import gates
from questionnaires.gates import Gate, Opening
from questionnaires.models import Draft


def _opening(engagement: Engagement, person: Person | None) -> Opening:
    return Opening(path=reverse("products:try", args=[engagement.public_id]))


def _begin(draft: Draft) -> None:
    """A draft alone is no try: ``receive_attempt`` refuses what comes without one."""


def _receipt(request: HttpRequest, contribution: Contribution, own: bool) -> dict[str, Any]:
    """What was tried, to whoever has the receipt."""
    attempt = (
        Attempt.objects.select_related("round__build").filter(contribution=contribution).first()
    )
    if attempt is None:
        return {}
    return {"room_part": "products/parts/receipt.html", "attempt": attempt}


def register() -> None:
    """Called from ``ready()``."""
    gates.register(
        KIND, Gate(opening=_opening, begin=_begin, receive=receive_attempt, receipt=_receipt)
    )
