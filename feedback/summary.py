"""The figures of a report for other programs: by fixed names, without words and without texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from feedback.collecting import live_document, shown_to
from feedback.models import Reason, Snapshot
from participation.models import Engagement

#: Sections whose figures stand by a name of their own.
_NAMED = frozenset({"register", "comments", "questions", "statements", "groups"})


def summary(engagement: Engagement, *, now: dt.datetime, for_owner: bool = False) -> dict[str, Any]:
    """``register`` (the six figures), ``statements`` as ``tally`` prints them, ``questions``,
    ``groups`` (of opinion); ``more``, by their keys, of the sections that rooms add.

    As they are now while open; of the version frozen at the close afterwards, with its
    ``version`` and ``sha256``. What is sealed for this reader is None, and ``sealed`` names it.
    The caller has checked who asks (``feedback.access``), ``for_owner`` whether for the owner.
    """
    frozen = Snapshot.objects.filter(engagement=engagement, reason=Reason.CLOSE).first()
    document = (
        shown_to(frozen.data, engagement, now=now, for_owner=for_owner)
        if frozen
        else live_document(engagement, now=now, for_owner=for_owner)
    )
    figures = {one["key"]: one.get("figures") for one in document["sections"]}
    statements, questions = figures.get("statements"), figures.get("questions")
    return {
        "id": engagement.public_id,
        "as_at": document["taken_at"],
        "version": frozen.version if frozen else None,
        "sha256": frozen.sha256 if frozen else "",
        "sealed": [one["key"] for one in document["sections"] if one.get("sealed")],
        "register": figures["register"],
        "statements": statements["statements"] if statements else None,
        "voters": statements["voters"] if statements else None,
        "responses": questions["responses"] if questions else None,
        "questions": questions["questions"] if questions else None,
        "groups": figures.get("groups"),
        "more": {key: found for key, found in figures.items() if key not in _NAMED},
    }
