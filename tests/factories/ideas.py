"""Contests and ideas for tests, made and published through the real actions."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from accounts.models import Account, Bureau
from consultations.actions.paper import publish_paper, start_paper
from consultations.actions.translation import follow_source
from core import clock
from core.text import fold
from ideas.actions.coauthors import accept_coauthor, invite_coauthor
from ideas.actions.ideas import submit_idea
from ideas.models import CoAuthor, ContestPage, Idea, IdeaVersion
from notifications.models import Notice
from participation import faces
from participation.models import Contribution, ContributionVersion, Engagement, Receipt, Thread
from tests.factories.consultations import today, translator_from
from tests.factories.core import make_tree
from tests.factories.engagements import make_account, make_bureau
from tests.factories.participation import decide, make_citizen

_numbers = count(1)


def criteria(*weights: int) -> list[dict[str, Any]]:
    """Criterion blocks as the editor stores them."""
    return [
        {
            "type": "criterion",
            "id": f"k{place}",
            "value": {"name": f"Criterion {place}", "detail": "What it means.", "weight": weight},
        }
        for place, weight in enumerate(weights, start=1)
    ]


def categories(*names: str) -> list[dict[str, Any]]:
    """Category blocks as the editor stores them."""
    return [
        {"type": "category", "id": f"c{place}", "value": name}
        for place, name in enumerate(names, start=1)
    ]


def make_contest_draft(
    *,
    bureau: Bureau | None = None,
    by: Account | None = None,
    title: str = "",
    language: str = "en",
    opens: int = -1,
    closes: int = 40,
    translate: bool = True,
    **fields: Any,
) -> ContestPage:
    """A draft with its dates (days from today), its translations written by ``by``."""
    make_tree()
    by = by or make_account()
    page = start_paper(
        face=faces.of_kind("contest"),
        bureau=bureau or make_bureau(),
        title=title or f"Contest {next(_numbers)}",
        source_language=language,
        by=by,
        fields={
            "summary": "What we look for.",
            "contact": "Policy Division",
            "opens_on": today() + dt.timedelta(days=opens),
            "closes_on": today() + dt.timedelta(days=closes),
            "response_due": today() + dt.timedelta(days=closes + 90),
            "brief": "<p>Better streets.</p>",
            "eligibility": "Everybody who lives here.",
            "terms": "Ideas stay yours; the bureau may use them.",
            "criteria": criteria(60, 40),
            "categories": categories("Streets", "Parks"),
            **fields,
        },
        translator=translator_from(language) if translate else None,
    )
    page.refresh_from_db()
    return page


def make_contest(**fields: Any) -> tuple[ContestPage, Engagement]:
    """A published contest and its engagement; ideas wait for a moderator unless said otherwise."""
    page = make_contest_draft(**fields)
    engagement = publish_paper(page=page, by=None)
    page.refresh_from_db()
    return page, Engagement.objects.select_related("owner", "contest").get(pk=engagement.pk)


def edit_contest(page: ContestPage, by: Account | None = None, **fields: Any) -> None:
    """Save a new draft of the source page, as the editor does."""
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        if name in {"criteria", "categories", "links", "questions"}:
            setattr(draft, name, draft._meta.get_field(name).stream_block.to_python(value))
        else:
            setattr(draft, name, value)
    draft.save_revision(user=by, clean=False)
    page.refresh_from_db()
    follow_source(page=page, by=by)


def submit(engagement: Engagement, title: str = "", **fields: Any) -> Receipt:
    """The receipt of an idea that was just handed in."""
    account = fields.pop("account", None) or make_citizen()
    return submit_idea(
        engagement=engagement,
        person=account.person,
        account=account,
        title=title or f"Benches at every stop ({next(_numbers)})",
        text=fields.pop("text", "People wait long. Put a bench with shade at every bus stop."),
        language=fields.pop("language", "en"),
        **fields,
    )


def make_idea(engagement: Engagement, title: str = "", **fields: Any) -> Idea:
    """An idea as it was handed in."""
    contribution = submit(engagement, title, **fields).contribution
    assert contribution is not None
    return Idea.objects.select_related("contribution", "engagement", "thread").get(
        pk=contribution.pk
    )


def make_public_idea(engagement: Engagement, title: str = "", **fields: Any) -> Idea:
    """An idea that everybody can read."""
    idea = make_idea(engagement, title, **fields)
    if idea.contribution.state == "held":
        decide(idea.contribution)
        idea.refresh_from_db()
    return idea


def link_of(seat: CoAuthor) -> str:
    """The secret of an invitation's mail: no row holds it but the notice that waits to be sent."""
    notice = Notice.objects.get(event_key=f"co-author-invited:{seat.public_id}")
    return notice.path.rstrip("/").rpartition("/")[2]


def invite_to(idea: Idea, email: str = "friend@example.org") -> CoAuthor:
    """An invitation by the idea's author that waits."""
    author = idea.contribution.person
    assert author is not None
    account = author.accounts.get()
    return invite_coauthor(idea=idea, email=email, person=author, account=account, language="en")


def seat_coauthor(idea: Idea, account: Account) -> CoAuthor:
    """This account as a co-author of the idea, invited and accepted."""
    return accept_coauthor(seat=invite_to(idea, account.email), account=account)


def make_many_ideas(engagement: Engagement, number: int) -> None:
    """Many public ideas in a few statements, for counting queries; past the actions."""
    now = clock.now()
    rows = Contribution.objects.bulk_create(
        Contribution(
            engagement=engagement,
            kind="idea",
            language="en",
            received_at=now,
            published_at=now,
            state="published",
            author_name="Somebody",
            text=f"Idea {index}\n\nText",
        )
        for index in range(number)
    )
    ContributionVersion.objects.bulk_create(
        ContributionVersion(contribution=row, number=1, text=row.text, at=now) for row in rows
    )
    threads = Thread.objects.bulk_create(
        Thread(engagement=engagement, key=f"idea-{row.public_id}", kind="idea") for row in rows
    )
    ideas = Idea.objects.bulk_create(
        Idea(
            contribution=row,
            engagement=engagement,
            thread=thread,
            title=row.text.split("\n")[0],
            text="Text",
            is_public=True,
            received_at=now,
            changed_at=now,
            district="sha-tin",
            folded_title=fold(row.text.split("\n")[0]),
            search=fold(row.text),
        )
        for row, thread in zip(rows, threads, strict=True)
    )
    IdeaVersion.objects.bulk_create(
        IdeaVersion(idea=idea, number=1, title=idea.title, text=idea.text, at=now) for idea in ideas
    )
