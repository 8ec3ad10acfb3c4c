"""Every way points move. Keyword-only; whole points; ``key`` is used once in the whole ledger.

A second call with the same key and the same content writes nothing and returns the first entry;
with other content it raises ``Conflict``.
"""

from crowdtasks.ledger.actions.budgets import grant_budget, reserve, return_rest, top_up
from crowdtasks.ledger.actions.corrections import award, deduct, reverse
from crowdtasks.ledger.actions.earning import earn, release, take_back
from crowdtasks.ledger.actions.persons import expire, forfeit, merge
from crowdtasks.ledger.actions.proposals import (
    agree,
    ask_award,
    ask_deduct,
    ask_grant,
    ask_reversal,
    decline,
)
from crowdtasks.ledger.actions.spending import refund, spend, spend_locked

__all__ = [
    "agree",
    "ask_award",
    "ask_deduct",
    "ask_grant",
    "ask_reversal",
    "award",
    "decline",
    "deduct",
    "earn",
    "expire",
    "forfeit",
    "grant_budget",
    "merge",
    "refund",
    "release",
    "reserve",
    "return_rest",
    "reverse",
    "spend",
    "spend_locked",
    "take_back",
    "top_up",
]
