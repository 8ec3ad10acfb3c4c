"""Statements: which take votes, how they are counted, in which order they are shown."""

from participation.models import Ballot


def takes_votes(ballot: Ballot) -> bool:
    """A statement takes votes while it is published and not retired. Registered for its kind."""
    statement = ballot.statement
    return statement.state == "published" and statement.retired_at is None
