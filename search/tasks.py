"""What is done by the clock, what an act could not do, and what is told to Elasticsearch."""

import datetime as dt

from core.jobs import job
from core.schedule import periodic
from search.breaker import Breaker
from search.counting import count_tokens
from search.insight.gathering import forget, gather
from search.models import SearchChange
from search.outbox import JOB, OFF, note_off, remote, was_off
from search.writing import AGAIN, follow_again, rebuild

job(AGAIN)(follow_again)

#: Jobs of other rooms do not wait behind a server that is away or slow: it is told by the clock.
telling = Breaker("Telling", pause=60.0)


@periodic("search.mend", every=dt.timedelta(days=1))
def mend() -> None:
    """Bring the index in line with what is public: what was there before search was, what a newer
    analysis reads another way, what somebody changed past the acts. Safe to run twice.
    """
    rebuild()
    if remote():
        from search.feeding import build, differences, repair

        found = differences()
        if found:
            repair(found)
            if differences():
                # As after the database came back from a backup: its changes have lower numbers than
                # Elasticsearch knows, which takes none of them.
                build()


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


@job(JOB)
def feed() -> None:
    """Tell Elasticsearch what was written. Where it is away, ``feed_again`` tells it later."""
    if not remote() or not telling.passes():
        return
    from search.elastic import ElasticsearchFailed, NoIndex
    from search.feeding import feed as tell

    try:
        tell()
    except NoIndex:
        # As on the first day: within a minute ``feed_again`` makes it of all rows, and says so.
        return
    except ElasticsearchFailed as failed:
        # No failed job for each act: one row a change waits, and a minute's clock asks again.
        telling.failed(str(failed))
    else:
        telling.answered()


@periodic("search.feed_again", every=dt.timedelta(minutes=1))
def feed_again() -> None:
    """Tell Elasticsearch what waits, and make its index anew where that is gone or another's.

    Switched on again it is built anew: while it was off nothing was noted that it could be told.
    """
    if not remote():
        note_off()
        return
    from search.feeding import build, mend_index
    from search.feeding import feed as tell

    if was_off():
        build()
        SearchChange.objects.filter(document=OFF).delete()
    else:
        mend_index()
    tell()
    telling.answered()
