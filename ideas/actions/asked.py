"""Publishing writes what a contest asks of ideas; from the opening on it stands."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import Account
from core import clock
from ideas.asked import KEY, definition_of_pages
from ideas.models import ContestPage
from participation.actions.rules import has_opened
from participation.models import Engagement
from questionnaires.actions.definition import write_questionnaire
from questionnaires.models import Questionnaire


def write_asked(
    *,
    engagement: Engagement,
    opening: Mapping[str, ContestPage],
    source: str,
    by: Account | None,
) -> None:
    """Write the questions of the versions that open, in the publishing transaction.

    Once the contest has opened they are frozen as a paper's are by its first answer: a question
    taken away, or an option closed, is announced; everything else raises ``Invalid``.
    """
    now = clock.now()
    if has_opened(engagement, now):
        Questionnaire.objects.filter(engagement=engagement, key=KEY, frozen_at=None).update(
            frozen_at=now
        )
    write_questionnaire(
        engagement=engagement,
        definition=definition_of_pages(opening, source),
        by=by,
        key=KEY,
    )
