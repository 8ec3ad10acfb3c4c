"""Ways to vote on ideas. A new one is one class in ``kinds`` and its name in ``KINDS``."""

from .base import Option, Standing, VoteRules, VotingKind
from .kinds import KINDS, kind_named

__all__ = ["KINDS", "Option", "Standing", "VoteRules", "VotingKind", "kind_named"]
