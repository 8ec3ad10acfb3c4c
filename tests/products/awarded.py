"""What tests of rounds' rewards ask of accounts, budgets and pages."""

from __future__ import annotations

import pytest
from django.test import Client

from core.exceptions import Invalid
from crowdtasks.ledger.reading import balance_of, budget_of, escrow_of
from crowdtasks.products.actions.claiming import claim_reward
from crowdtasks.products.models import Round
from tests.factories.products import fields_of


def held_of(row: Round) -> tuple[int, int]:
    """The bureau's budget and what is set aside for the round."""
    return budget_of(row.engagement.owner), escrow_of(row.engagement)


def points_of(account) -> tuple[int, int]:
    """What the account can spend and what is held."""
    found = balance_of(account.person)
    return found.available, found.pending


def refusal_of(code: str, account, **how) -> str:
    """The code of the refusal to claim with this code, which is a sentence at its field."""
    with pytest.raises(Invalid) as refused:
        claim_reward(code=code, person=account.person, **how)
    assert refused.value.field == "code"
    assert str(refused.value)
    return refused.value.code


def walk(client: Client, row: Round) -> str:
    """A whole try by its pages; returns the receipt's address."""
    path = f"/en/e/{row.engagement.public_id}/try/"
    client.post(path)
    for number in (1, 2):
        client.post(f"{path}{number}/", {"went": "done"})
    names = fields_of(row)
    sent = {"seen": list(names.values()), names["again"]: "yes"}
    return client.post(f"{path}questions/", sent).headers["Location"]
