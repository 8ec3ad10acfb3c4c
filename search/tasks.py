"""What is done by the clock, and what an act could not do."""

import datetime as dt

from core.jobs import job
from core.schedule import periodic
from search.counting import count_tokens
from search.insight.gathering import forget, gather
from search.writing import AGAIN, follow_again, rebuild

job(AGAIN)(follow_again)


@periodic("search.mend", every=dt.timedelta(days=1))
def mend() -> None:
    """Bring the index in line with what is public: what was there before search was, what a newer
    analysis reads another way, what somebody changed past the acts. Safe to run twice.
    """
    rebuild()


@periodic("search.count_tokens", every=dt.timedelta(minutes=30))
def count_again() -> None:
    """Bring the tokens' counts, which ranks rest on, in line. Safe to run twice."""
    count_tokens()


@periodic("search.gather_insight", every=dt.timedelta(minutes=10))
def gather_insight() -> None:
    """Write down what enough visitors looked for today. Safe to run twice."""
    gather()


@periodic("search.forget_insight", every=dt.timedelta(days=1))
def forget_insight() -> None:
    """Delete what is older than a year and a month. Safe to run twice."""
    forget()
