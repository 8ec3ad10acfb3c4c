"""What people did on a paper: comments, agreement, replies, votes, statements, an outcome."""

from __future__ import annotations

import datetime as dt

from accounts.models import Account, Person
from consultations.actions.statements import propose_statement
from consultations.models import Statement
from core.simplified import to_simplified
from moderation.actions import PUBLISH, decide
from moderation.models import Item, ItemState
from participation.actions.comments import reply_officially, set_support, submit_comment
from participation.actions.lateness import explain_delay
from participation.actions.outcome_items import ItemText, add_items, cite, save_item
from participation.actions.outcomes import approve_outcome, save_outcome, submit_outcome
from participation.actions.votes import cast_votes
from participation.models import Choice, Contribution, Engagement, Thread

from .answering import Answering
from .days import Days, Span, on
from .persons import Crowd, random_for, voters_for
from .shapes import Both, Delay, Paper, Part, Said

#: A part of the voters leaves a statement out.
LEFT_OUT = 0.12


def three(text: Both) -> dict[str, str]:
    """A text in the three languages."""
    return {"en": text.en, "zh-hant": text.zh, "zh-hans": to_simplified(text.zh)}


class Participation:
    """One published paper and its people."""

    def __init__(self, paper: Paper, engagement: Engagement, crowd: Crowd, days: Days) -> None:
        self.paper, self.engagement, self.crowd, self.days = paper, engagement, crowd, days
        self.random = random_for(paper.slug)
        self.voters: list[Person] = []
        if engagement.opens_at is None or engagement.closes_at is None:
            raise ValueError("A published paper has dates.")
        self.opens_at = engagement.opens_at
        last = min(engagement.closes_at, days.now) - dt.timedelta(minutes=20)
        self.span = Span(self.opens_at + dt.timedelta(minutes=30), last, self.random)

    @property
    def moderator(self) -> Account:
        return self.crowd.accounts["moderator"]

    def happen(self) -> None:
        """Let everything of the paper happen, each at its moment."""
        if self.opens_at > self.days.now:
            return
        with on(self.opens_at):
            self.voters = voters_for(self.paper.slug, self.paper.voters, self.engagement)
        self._vote()
        moments = self.span.spread(len(self.paper.said)) if self.paper.said else []
        said = sorted(self.paper.said, key=lambda one: one.state == "held")
        for moment, one in zip(moments, said, strict=True):
            self._say(one, moment)
        self._propose()
        if self.paper.survey:
            Answering(self.paper, self.engagement, self.crowd, self.span, self.random).happen()
        if self.paper.outcome:
            self._answer(self.paper.outcome)
        if self.paper.delay:
            self._explain(self.paper.delay)

    def _vote(self) -> None:
        ballots = [row.ballot.public_id for row in self._statements()]
        if not ballots:
            return
        for voter, moment in zip(self.voters, self.span.spread(len(self.voters)), strict=True):
            with on(moment):
                cast_votes(engagement=self.engagement, person=voter, choices=self._choices(ballots))

    def _choices(self, ballots: list[str]) -> dict[str, int]:
        """What one voter says, by the leanings; the first statement is never left out."""
        choices: dict[str, int] = {}
        for ballot, (agree, disagree) in zip(ballots, self.paper.leaning, strict=True):
            left_out = self.random.random() < LEFT_OUT
            drawn = self.random.uniform(0, 100)
            choice = Choice.AGREE if drawn < agree else Choice.DISAGREE
            if not (left_out and choices):
                choices[ballot] = choice if drawn < agree + disagree else Choice.PASS
        return choices

    def _statements(self) -> list[Statement]:
        return list(self.engagement.statements.exclude(block_id="").select_related("ballot"))

    def _thread(self, number: str) -> Thread:
        if not number:
            return self.engagement.threads.get(key="whole")
        return self.engagement.paragraphs.select_related("thread").get(number=number).thread

    def _say(self, said: Said, moment: dt.datetime) -> None:
        speaker = self.crowd.speakers[said.by]
        thread = self._thread(said.on)
        thread.engagement = self.engagement
        with on(moment):
            receipt = submit_comment(
                engagement=self.engagement,
                thread=thread,
                person=speaker.person,
                account=speaker.account,
                text=said.text,
                language=said.language,
                publish_choice="confidential" if said.state == "confidential" else "name",
                display_name=speaker.name,
            )
        contribution = receipt.contribution
        if said.state != "published" or contribution is None:
            return
        decided = self.span.after(moment, least=25, most=300)
        with on(decided):
            self._clear(contribution)
        self._agree(contribution, said.agree, decided)
        if said.reply:
            self._reply(contribution, said, decided)

    def _clear(self, contribution: Contribution) -> None:
        item = Item.objects.get(
            kind=contribution.kind, target_id=contribution.public_id, state=ItemState.WAITING
        )
        decide(item=item, verdict=PUBLISH, version=item.version, by=self.moderator)

    def _agree(self, contribution: Contribution, number: int, since: dt.datetime) -> None:
        comment = (
            type(contribution.comment)
            .objects.select_related("contribution__engagement", "thread")
            .get(pk=contribution.pk)
        )
        for person in self.random.sample(self.voters, min(number, len(self.voters))):
            with on(self.span.after(since, least=5, most=2000)):
                set_support(comment=comment, person=person, account=None, on=True)

    def _reply(self, contribution: Contribution, said: Said, since: dt.datetime) -> None:
        text = said.reply
        if text is None:
            return
        comment = (
            type(contribution.comment)
            .objects.select_related("contribution", "thread")
            .get(pk=contribution.pk)
        )
        chinese = said.language != "en"
        with on(min(since + dt.timedelta(days=1, hours=2), self.days.at(0))):
            reply_officially(
                parent=comment,
                account=self.crowd.officer_of(self.paper.bureau),
                text=text.zh if chinese else text.en,
                language="zh-hant" if chinese else "en",
            )

    def _propose(self) -> None:
        """Own statements; they wait for the moderator."""
        for place, (name, text, language) in enumerate(self.paper.proposed, start=1):
            speaker = self.crowd.speakers[name]
            with on(self.span.waking(self.span.end - dt.timedelta(hours=7 * place))):
                propose_statement(
                    engagement=self.engagement,
                    person=speaker.person,
                    account=speaker.account,
                    text=text,
                    language=language,
                )

    def _answer(self, text: Both) -> None:
        """Write, send and approve what came of it, a few days before the response was due."""
        by = self.crowd.officer_of(self.paper.bureau)
        approver = self.crowd.approver_of(self.paper.bureau)
        if approver is None:
            raise LookupError(f"The demonstration has no approver for {self.paper.bureau}.")
        with on(self.days.at(self.paper.due - 14)):
            for part in self.paper.parts:
                self._part(part, by)
        with on(self.days.at(self.paper.due - 12)):
            save_outcome(engagement=self.engagement, text=three(text), by=by)
        with on(self.days.at(self.paper.due - 9, 11)):
            submit_outcome(engagement=self.engagement, by=by)
        with on(self.days.at(self.paper.due - 6, 15)):
            approve_outcome(engagement=self.engagement, by=approver)

    def _part(self, part: Part, by: Account) -> None:
        """One part of the outcome with its quotes."""
        target = (part.kind, self._target(part))
        (item,) = add_items(engagement=self.engagement, targets=[target], by=by)
        names = [self.crowd.speakers[key].person for key in part.quotes]
        sources = Contribution.objects.filter(
            engagement=self.engagement, kind="comment", person__in=names, state="published"
        )
        cite(
            engagement=self.engagement,
            item=item.public_id,
            sources=[(row.public_id, "") for row in sources.order_by("pk")],
            by=by,
        )
        save_item(
            engagement=self.engagement,
            item=item.public_id,
            text=ItemText(
                asked=three(part.asked) if part.asked else item.asked,
                said=three(part.said),
                verdict=part.verdict,
                decided=three(part.decided),
                why=three(part.why),
                change=three(part.change) if part.change else {},
                change_on=self.days.date(part.change_on) if part.change_on is not None else None,
            ),
            revision=None,
            by=by,
        )

    def _target(self, part: Part) -> str:
        """The key that the part's target has on the engagement."""
        if part.kind == "chapter":
            anchor: str = self.engagement.chapters.get(number=part.place).anchor
            return anchor
        if part.kind == "statement":
            seeds = Statement.objects.filter(engagement=self.engagement, contribution=None)
            return seeds.order_by("order", "pk")[int(part.place) - 1].public_id
        return ""

    def _explain(self, delay: Delay) -> None:
        """Say in public why the answer is late."""
        with on(self.days.at(delay.told)):
            explain_delay(
                engagement=self.engagement,
                reason=three(delay.reason),
                expected=self.days.date(delay.expected),
                by=self.crowd.answers_for(self.paper.bureau),
            )
