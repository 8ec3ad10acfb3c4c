"""What somebody with bad intentions would have left in the platform's own data."""

from __future__ import annotations

from typing import Any


def open_engagement() -> dict[str, Any]:
    """One that takes contributions now."""
    from core import clock
    from participation.models import Engagement

    found = Engagement.objects.open_now(clock.now()).first()
    assert found is not None
    return {"id": found.public_id}


def plant(bomb: str) -> None:
    """The same words in every text of others, past all that would refuse them."""
    from consultations.models import Statement
    from participation.models import Contribution, Engagement

    Contribution.objects.filter(state="published").update(text=bomb, author_name=bomb[:40])
    Contribution.objects.filter(state="held").update(text=bomb)
    for statement in Statement.objects.all():
        statement.text = dict.fromkeys(statement.text, bomb)
        statement.save()
    for engagement in Engagement.objects.exclude(state="draft"):
        engagement.title = dict.fromkeys(engagement.title, bomb)
        engagement.save()
