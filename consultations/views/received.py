"""What was received on a paper, for the officers of its bureau: the register's sum and texts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultations.access import access_paper
from participation import kinds
from participation.models import Comment, Contribution, ContributionState

PAGE_SIZE = 50
#: Words an officer sees for the states, in the register's order (the first that applies).
STATES = {
    ContributionState.WITHDRAWN: _("Withdrawn by the author"),
    ContributionState.WITHHELD: _("Withheld by a moderator"),
    ContributionState.HELD: _("Waiting for a moderator"),
    ContributionState.CONFIDENTIAL: _("For the bureau only"),
    ContributionState.PUBLISHED: _("Public"),
}
#: Whose texts the bureau reads. A held one is the moderator's first; the others are sealed.
READABLE = (ContributionState.PUBLISHED, ContributionState.CONFIDENTIAL)


@never_cache
@require_safe
def received(request: HttpRequest, public_id: str) -> HttpResponse:
    """All entries by state, newest first. Absent for everybody but the bureau's own officers.

    Confidential texts are shown here and nowhere else; e-mail addresses are shown nowhere.
    """
    engagement, _page = access_paper(public_id, request.user, write=True)  # type: ignore[arg-type]
    rows = Contribution.objects.filter(engagement=engagement).by_citizens()
    counts = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    asked = request.GET.get("state", "")
    wanted = [state for state in READABLE if state == asked] or list(READABLE)
    readable = (
        rows.filter(state__in=wanted)
        .select_related("comment__thread__paragraph")
        .order_by("-received_at", "-pk")
    )
    page = Paginator(readable, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    return render(
        request,
        "consultations/desk/received.html",
        {
            "engagement": engagement,
            "states": [
                {"label": label, "value": state, "count": counts.get(state, 0)}
                for state, label in STATES.items()
            ],
            "total": sum(counts.values()),
            "entries": _entries(list(page.object_list)),
            "page": page,
            "asked": asked if asked in READABLE else "",
        },
    )


def _entries(rows: list[Contribution]) -> list[dict[str, Any]]:
    """The entries of a page, with which of them the bureau has replied to: one query for all."""
    replied = set(
        Comment.objects.filter(
            parent__in=[row.pk for row in rows], official=True, contribution__state="published"
        ).values_list("parent_id", flat=True)
    )
    return [_entry(row, replied=row.pk in replied) for row in rows]


def _entry(row: Contribution, *, replied: bool) -> dict[str, Any]:
    """One entry as the page shows it; ``where`` is the paragraph's number or ''.

    ``reply`` leads to the official reply, which only a public comment that answers nobody can
    have.
    """
    thread = row.comment.thread if row.kind == "comment" else None
    paragraph = getattr(thread, "paragraph", None) if thread else None
    can_reply = thread is not None and row.state == "published" and row.comment.parent_id is None
    return {
        "reply": reverse("participation:reply", args=[row.public_id]) if can_reply else "",
        "replied": replied,
        "id": row.public_id,
        "kind": kinds.title(row.kind),
        "where": paragraph.number if paragraph else "",
        "text": row.text,
        "language": row.language,
        "at": row.received_at,
        "state": STATES[ContributionState(row.state)],
        "side": row.comment.get_side_display() if row.kind == "comment" else "",
        "name": row.public_name if row.state == "published" else "",
    }
