"""The rules of the panel that are published (docs/limits.md), in one place.

Whoever is asked too often leaves or stops trying: so how often somebody is invited is bounded over
all bureaux together, and no officer can lift it for a round.
"""

from __future__ import annotations

import datetime as dt

#: Nobody is invited more often than so many times ...
FATIGUE_INVITATIONS = 3
#: ... within so many days, by all bureaux together.
FATIGUE_DAYS = 90
#: What a volunteer said of themselves is erased so many days after they last looked at it ...
KEPT_DAYS = 730
#: ... and they are told so many days before.
TOLD_DAYS = 30

FATIGUE_WINDOW = dt.timedelta(days=FATIGUE_DAYS)
KEPT = dt.timedelta(days=KEPT_DAYS)
TOLD = dt.timedelta(days=TOLD_DAYS)
#: So many days after a round closed nothing leads from its invitations to a person any more.
LINK_DAYS = 180
LINK_KEPT = dt.timedelta(days=LINK_DAYS)
#: Days a volunteer has to answer: at least, at most.
LEAST_ANSWER_DAYS = 1
MOST_ANSWER_DAYS = 30
#: People one round invites at a time.
MOST_INVITED = 2000
#: A round that invites and has opened without a draw opens to everybody so many days later.
UNDRAWN_DAYS = 3
UNDRAWN = dt.timedelta(days=UNDRAWN_DAYS)
#: Characters of a seed that an officer names.
SEED_LENGTH = 64
#: A session: minutes, places, words of where it is, of what to bring, of one note.
LEAST_MINUTES, MOST_MINUTES = 10, 480
MOST_CHAIRS = 100
WHERE_LENGTH = 200
NOTE_LENGTH = 600
OBSERVATION_LENGTH = 1000
#: How long before it begins people are reminded, in hours.
REMINDED_HOURS = 24
REMINDED = dt.timedelta(hours=REMINDED_HOURS)
