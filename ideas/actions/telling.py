"""Whom to tell what the bureau decided on an idea; nothing here sends mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Account
from core.texts import known_language
from ideas.authors import accounts_of_coauthors
from ideas.models import CoAuthor, Idea, Merge, OfficialReply, Screening, StatusChange
from ideas.reasons import sentence_of
from notifications.actions import Address, Reader, notify
from participation.actions.telling import accounts_of, followers_of, mails_stop_path
from participation.models import Comment, Support
from participation.outcome_parts import event_key
from participation.threads import in_each_language

BATCH = 200


def _about(idea: Idea) -> dict[str, Any]:
    engagement = idea.engagement
    return {"title": engagement.title, "bureau": engagement.owner.name, "idea": idea.title}


def _path(idea: Idea) -> str:
    return f"/ideas/{idea.contribution.public_id}/"


def tell_invited(seat: CoAuthor, token: str, *, by: str, language: str) -> None:
    """The invited address gets the link. Nothing of the idea stands in the mail."""
    known = Account.objects.filter(email_canonical=seat.email_canonical)
    chosen = known.values_list("language", flat=True).first() or known_language(language)
    engagement = seat.idea.engagement
    notify(
        kind="co-author-invited",
        event_key=f"co-author-invited:{seat.public_id}",
        to=[Address(seat.email, chosen)],
        params={
            "title": engagement.title,
            "bureau": engagement.owner.name,
            "by": by,
            "expires_at": seat.expires_at,
        },
        path=f"/ideas/co-author/{token}/",
    )


def tell_coauthor_change(seat: CoAuthor, step: str) -> None:
    """Who joined or left, to the author; that the seat was taken away, to who had it."""
    idea = seat.idea
    removed = step == "removed"
    to = [seat.account] if removed else accounts_of(idea.contribution)
    notify(
        kind="co-author-changed",
        event_key=f"co-author-{step}:{seat.public_id}",
        to=[one for one in to if one is not None and one.is_active],
        params={**_about(idea), "step": step, "by": "" if removed else seat.name},
        path="/account/" if removed else team_path(idea),
    )


def team_path(idea: Idea) -> str:
    """Where authors and co-authors see who writes an idea, and where it stands."""
    return f"{_path(idea)}co-authors/"


def tell_screened(row: Screening) -> None:
    """The authors hear what was decided and why; asked to complete it, until which day."""
    idea = row.idea
    params = {**_about(idea), "verdict": row.verdict, "sentence": row.sentence}
    if row.reason:
        params["reason"] = in_each_language(lambda: str(sentence_of(row.reason)))
    if row.until is not None:
        params["until"] = row.until
    # A receipt is its author's alone.
    for to, path in (
        (accounts_of(idea.contribution), f"/receipts/{idea.contribution.receipt.code}/"),
        (accounts_of_coauthors(idea), team_path(idea)),
    ):
        notify(
            kind="idea-screened",
            event_key=f"idea-screened:{row.public_id}",
            to=to,
            params=params,
            path=path,
        )


def tell_merged(row: Merge, idea: Idea, into: Idea) -> None:
    """The authors of both hear of it: whose idea leads now, and what was put together with it."""
    for one, side in ((idea, "merged"), (into, "leads")):
        notify(
            kind="idea-merged",
            event_key=f"idea-merged:{row.pk}:{side}",
            to=[*accounts_of(one.contribution), *accounts_of_coauthors(one)],
            params={
                **_about(one),
                "side": side,
                "other": (into if side == "merged" else idea).title,
            },
            path=_path(into),
        )


def _concerned(idea: Idea) -> Any:
    """Living accounts of who wrote it or an idea it leads, spoke for it, or agreed with a comment
    that does; by primary key.
    """
    family = Idea.objects.filter(Q(pk=idea.pk) | Q(merged_into=idea))
    for_it = Comment.objects.filter(
        thread__in=family.values("thread"), side="for", contribution__state="published"
    )
    seats = CoAuthor.objects.seated().filter(idea__in=family.values("pk"))
    persons = (
        Q(person__in=family.values("contribution__person"))
        | Q(person__in=seats.values("person"))
        | Q(person__in=for_it.values("contribution__person"))
        | Q(person__in=Support.objects.filter(comment__in=for_it).values("person"))
    )
    return Account.objects.filter(persons, is_active=True).order_by("pk")


@dataclass(frozen=True)
class News:
    """What happened to an idea in public; told to those it concerns, then to followers."""

    idea: Idea
    kind: str
    event_key: str
    params: dict[str, Any]


def news_of_step(row: StatusChange) -> News:
    """A step with its reason. One that a result took is told with the result, once."""
    return News(
        row.idea,
        "idea-status",
        event_key(row.idea.engagement) if row.result_id else f"idea-status:{row.public_id}",
        {**_about(row.idea), "status": row.status, "sentence": row.said},
    )


def news_of_reply(row: OfficialReply) -> News:
    """The bureau's own reply."""
    params = {**_about(row.idea), "bureau": row.bureau.name, "text": row.sentence}
    return News(row.idea, "idea-reply", f"idea-reply:{row.public_id}", params)


@transaction.atomic
def tell_news(*, news: News, source: str, after: int) -> int | None:
    """Tell the next ``BATCH`` of 'concerned' or 'follows'; returns where to go on, or None.

    A notice is unique by event and recipient, so who wrote, supports and follows is told once.
    Followers are those of this contest; who follows a bureau asked for openings and outcomes.
    """
    idea = news.idea
    if source == "concerned":
        accounts = list(_concerned(idea).filter(pk__gt=after)[:BATCH])
        _notify(news, [Reader(one, mails_stop_path(one)) for one in accounts])
        return accounts[-1].pk if len(accounts) == BATCH else None
    follows = list(
        followers_of(idea.engagement).filter(engagement=idea.engagement, pk__gt=after)[:BATCH]
    )
    known = {
        account.email_canonical: account
        for account in Account.objects.filter(
            is_active=True,
            email_canonical__in=[one.address_canonical for one in follows if one.address],
        )
    }
    to: list[Reader | Address] = []
    for one in follows:
        stop = f"/follow/stop/{one.token}/"
        account = one.account or known.get(one.address_canonical)
        to.append(Reader(account, stop) if account else Address(one.address, one.language, stop))
    _notify(news, to)
    return follows[-1].pk if len(follows) == BATCH else None


def _notify(news: News, to: list[Any]) -> None:
    notify(
        kind=news.kind,
        event_key=news.event_key,
        to=to,
        params=news.params,
        path=_path(news.idea),
    )
