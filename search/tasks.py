"""What is done by the clock, what an act could not do, and what is told to Elasticsearch."""

import datetime as dt
from contextlib import suppress

from core import clock, jobs
from core.alone import Taken, alone
from core.jobs import job
from core.schedule import periodic
from search.actions import matching
from search.actions.telling import tell as tell_people
from search.breaker import Breaker
from search.counting import count_tokens
from search.insight.gathering import forget, gather
from search.likening import forget_gone, liken
from search.models import SearchChange
from search.outbox import JOB, OFF, note_off, remote, was_off
from search.writing import (
    AGAIN,
    FORGET,
    FORGET_SCOPE,
    follow_again,
    forget_again,
    forget_scope_again,
    rebuild,
)

job(AGAIN)(follow_again)
job(FORGET)(forget_again)
job(FORGET_SCOPE)(forget_scope_again)

#: Jobs that a clock asks for: they may take long, and other clocks do not wait for them.
MEND, CATCH_UP, LIKEN = "search.mend_all", "search.catch_up", "search.liken_some"
TELL = "search.tell_now"
#: What one worker at a time does.
CATCHING_UP, TELLING = "catching up of Elasticsearch", "telling of Elasticsearch"
COMPARING = "comparing of texts"
TELLING_PEOPLE = "telling of saved searches"
#: After so long without being told of a change the schedule's row says so.
FORGOTTEN = dt.timedelta(minutes=10)

#: Jobs of other rooms do not wait behind a server that is away or slow: it is told by the clock.
telling = Breaker("Telling", pause=60.0)


@periodic("search.mend", every=dt.timedelta(days=1))
def mend() -> None:
    """Ask for it once a day."""
    jobs.enqueue_once(MEND, behind=True)


@job(MEND)
def mend_all() -> None:
    """Bring the index in line with what is public: what was there before search was, what a newer
    analysis reads another way, what somebody changed past the acts. Safe to run twice.
    """
    rebuild()
    forget_gone()
    if not remote():
        return
    from search.elastic import ElasticsearchFailed
    from search.feeding import AnotherBuild, build, differences, repair

    try:
        found = differences()
        if found:
            repair(found)
            if differences():
                # As after the database came back from a backup: its changes have lower numbers than
                # Elasticsearch knows, which takes none of them.
                build()
    except AnotherBuild:
        # It answers, and is being filled from the rows.
        return
    except ElasticsearchFailed as failed:
        # Each minute it is caught up with, and tomorrow it is compared again.
        telling.failed(str(failed))


@periodic("search.count_tokens", every=dt.timedelta(minutes=30))
def count_again() -> None:
    """Bring the tokens' counts, which ranks rest on, in line. Safe to run twice."""
    count_tokens()


@periodic("search.liken", every=dt.timedelta(minutes=1))
def liken_again() -> None:
    """Ask each minute for what was written since to be compared, for "More like this"."""
    jobs.enqueue_once(LIKEN, behind=True)


@job(LIKEN)
def liken_some() -> None:
    """Compare some of it. Safe to run twice: what was compared as it is, is not again."""
    with suppress(Taken), alone(COMPARING):
        liken()


@periodic("search.gather_insight", every=dt.timedelta(minutes=10))
def gather_insight() -> None:
    """Write down what enough visitors looked for today. Safe to run twice."""
    gather()


@periodic("search.forget_insight", every=dt.timedelta(days=1))
def forget_insight() -> None:
    """Delete what is older than a year and a month. Safe to run twice."""
    forget()


@periodic("search.tell_saved", every=dt.timedelta(minutes=10))
def tell_saved() -> None:
    """Ask for it every ten minutes."""
    jobs.enqueue_once(TELL)


@job(TELL)
def tell_now() -> None:
    """Tell people what is new for the searches they keep. Safe to run twice, at once or late."""
    with suppress(Taken), alone(TELLING_PEOPLE):
        matching.match()
        tell_people()


@periodic("search.forget_hits", every=dt.timedelta(days=1))
def forget_hits() -> None:
    """Delete what everybody was told of long ago. Safe to run twice."""
    matching.forget()


@job(JOB)
def feed() -> None:
    """Tell Elasticsearch what was written. Where it is away, ``catch_up`` tells it later."""
    if not remote() or not telling.passes():
        return
    from search.elastic import ElasticsearchFailed, NoIndex

    try:
        _tell()
    except NoIndex:
        # As on the first day: within a minute ``catch_up`` makes it of all rows, and says so.
        return
    except ElasticsearchFailed as failed:
        # No failed job for each act: one row a change waits, and a minute's clock asks again.
        telling.failed(str(failed))
    else:
        telling.answered()


def _tell() -> None:
    """Tell what waits, one worker at a time: a slow server holds up one of them and no more.

    Whoever is telling looks once more after its turn, so what is left to it here is told.
    """
    from search.feeding import feed as tell

    while SearchChange.objects.filter(document__gt=OFF).exists():
        try:
            with alone(TELLING):
                tell()
        except Taken:
            return


@periodic("search.feed_again", every=dt.timedelta(minutes=1))
def feed_again() -> None:
    """Ask for what Elasticsearch needs each minute; a slow one holds up no clock.

    Raises where that was of no use for long, which the schedule notes on its row.
    """
    if not remote():
        note_off()
        return
    jobs.enqueue_once(CATCH_UP)
    oldest = SearchChange.objects.filter(document__gt=OFF).order_by("pk").first()
    if oldest is not None and clock.now() - oldest.at > FORGOTTEN:
        raise NotTold(f"Elasticsearch was told nothing since {oldest.at.isoformat()}.")


class NotTold(Exception):
    """Changes wait for long: Elasticsearch is away, or no worker runs."""


@job(CATCH_UP)
def catch_up() -> None:
    """Tell Elasticsearch what waits, and make its index anew where that is gone or another's.

    Switched on again it is built anew: while it was off nothing was noted that it could be told.
    One at a time; killed, the next minute's goes on. A failure is one line of the log, and asked
    again in a minute.
    """
    if not remote():
        return
    from search.elastic import ElasticsearchFailed

    try:
        with alone(CATCHING_UP):
            _caught_up()
    except Taken:
        return
    except ElasticsearchFailed as failed:
        telling.failed(str(failed))
    else:
        telling.answered()


def _caught_up() -> None:
    from search.feeding import AnotherBuild, build, mend_index

    try:
        if was_off():
            build()
        else:
            mend_index()
    except AnotherBuild:
        # It is filled from the rows; what changes meanwhile is told to it as well.
        pass
    _tell()
