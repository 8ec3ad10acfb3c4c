"""The story of the demonstration's product, through the same actions that everybody uses.

Volunteers join, a first build is tried by those who were drawn, what they report is triaged, the
next build mends it and is tried again: by the drawn first, by whoever comes by afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from accounts.models import Account, Person
from crowdtasks.findings.demo import data as findings_data
from crowdtasks.findings.demo.data import FindingData
from crowdtasks.findings.demo.loading import clear, report, triage
from crowdtasks.findings.models import Finding
from crowdtasks.panel.actions.answering import accept_invitation, decline_invitation
from crowdtasks.panel.actions.booking import book_session
from crowdtasks.panel.actions.drawing import draw_plan
from crowdtasks.panel.actions.noting import make_finding
from crowdtasks.panel.actions.planning import open_to_all, save_plan
from crowdtasks.panel.actions.sessions import add_observation, add_session, mark_attendance
from crowdtasks.panel.actions.volunteering import save_volunteer
from crowdtasks.panel.cells import By
from crowdtasks.panel.models import Draw, Invitation, Session, Turn
from crowdtasks.panel.states import InvitationState
from crowdtasks.products.demo.data import SEATS, RoundData
from crowdtasks.products.demo.loading import (
    add_builds,
    answer,
    hand_in,
    make_product,
    make_round,
    try_build,
)
from crowdtasks.products.models import Round
from participation.demo import Part, Scene
from participation.models import Engagement
from participation.models.pages import HONG_KONG

from .data import FIRST_DRAW, JOINED, SECOND_DRAW, VOLUNTEERS, DrawData, SessionData

#: The language in which the officer of the bureau writes.
WRITTEN = "zh-hant"
Found = list[tuple[FindingData, Finding]]


def load(scene: Scene, tell: Callable[[str], None]) -> None:
    """Two builds of one product, a round of each."""
    tell(f"  {SEATS.title.en}")
    _volunteer(scene)
    page = make_product(SEATS, scene)
    first, second = SEATS.rounds
    _Round(first, FIRST_DRAW, findings_data.FIRST, page.engagement, scene).happen()
    add_builds(page, SEATS, scene)
    _Round(second, SECOND_DRAW, findings_data.SECOND, page.engagement, scene).happen()


def _volunteer(scene: Scene) -> None:
    neighbours = iter(scene.crowd.neighbours())
    for place, day in enumerate(JOINED):
        with scene.on(scene.days.at(day)):
            for one in VOLUNTEERS[place :: len(JOINED)]:
                account = scene.crowd.accounts[one.who] if one.who else next(neighbours)
                save_volunteer(
                    person=account.person,
                    age=one.age,
                    devices=one.devices,
                    district=one.district,
                    languages=one.languages,
                    assistive=one.assistive,
                )


class _Round:
    """One round, from its publication to what was learned."""

    def __init__(
        self,
        data: RoundData,
        drawn: DrawData,
        findings: tuple[FindingData, ...],
        product: Engagement,
        scene: Scene,
    ) -> None:
        self.data, self.drawn, self.findings, self.scene = data, drawn, findings, scene
        self.officer: Account = scene.crowd.officer_of(SEATS.bureau)
        self.row: Round = make_round(data, product, scene)
        self.found: Found = []

    def happen(self) -> None:
        draw = self._draw()
        trying = self._accepted(draw)
        session = self._session(draw)
        opened = False
        for place, tried in enumerate(self.data.tries):
            if not tried.who and not opened:
                self._open()
                opened = True
            account = self._who(tried.who, trying)
            self._try(place, account)
        if session.starts_at < self.scene.days.now:
            self._hold(session)
        day = self.data.tries[-1].day
        with self.scene.on(self.scene.days.at(day + 1, 9)):
            clear(self.found, self.scene)
        triage(self.found, self.officer, self.scene)
        if self.data.outcome is not None:
            answer(self.data, self.data.outcome, self.row.engagement, self.scene)

    def _who(self, who: str, trying: Iterator[Account]) -> Account | None:
        if not who:
            return None
        return next(trying) if who == "drawn" else self.scene.crowd.accounts[who]

    def _draw(self) -> Draw:
        """Plan and draw on the day it opens."""
        with self.scene.on(self.scene.days.at(self.data.opens, 9, 30)):
            save_plan(
                round=self.row,
                by=By.AGE,
                quota=self.drawn.quota,
                total=sum(self.drawn.quota.values()),
                narrowed={},
                answer_days=self.drawn.answer_days,
                account=self.officer,
            )
            return draw_plan(round=self.row, account=self.officer, seed=self.drawn.seed)

    def _accepted(self, draw: Draw) -> Iterator[Account]:
        """Those drawn answer; who declines makes room for the next, who accepts. Then those who
        try it and are not named, in the order of the draw."""
        named = {one.who for one in VOLUNTEERS if one.who}
        persons = {self.scene.crowd.accounts[who].person_id: who for who in named}
        waiting = draw.invitations.filter(state=InvitationState.WAITING)
        with self.scene.on(self.scene.days.at(self.data.opens, 9, 50)):
            leaving = waiting.filter(seat__cell=self.drawn.declined).order_by("place").last()
            if leaving is not None and leaving.person is not None:
                decline_invitation(invitation=leaving, person=leaving.person)
            accepted = []
            for one in waiting.select_related("person").order_by("place"):
                person = one.person
                if person is None or persons.get(person.pk) in self.drawn.silent:
                    continue
                accept_invitation(invitation=one, person=person)
                accepted.append(person)
        return (person.accounts.get() for person in accepted if person.pk not in persons)

    def _session(self, draw: Draw) -> Session:
        said = self.drawn.session
        with self.scene.on(self.scene.days.at(said.offered, 17)):
            session = add_session(
                draw=draw,
                kind=said.kind,
                starts_at=_begins(said, self.scene),
                minutes=said.minutes,
                places=said.places,
                where=said.where,
                link="",
                note=said.note,
                language=WRITTEN,
                account=self.officer,
            )
        with self.scene.on(self.scene.days.at(said.offered, 19)):
            for invitation, person in self._coming(draw)[: said.booked]:
                book_session(session=session, invitation=invitation, person=person)
        return session

    def _coming(self, draw: Draw) -> list[tuple[Invitation, Person]]:
        """Who comes to a session: first who can be signed in as, then the others."""
        rows = draw.invitations.filter(accepted_at__isnull=False).select_related("person")
        known = self.scene.crowd.accounts["citizen"].person_id
        found = [(one, one.person) for one in rows.order_by("place") if one.person is not None]
        return sorted(found, key=lambda one: one[1].pk != known)

    def _open(self) -> None:
        """The officer lets everybody try it."""
        if self.data.opened is None:
            raise ValueError(f"Nobody comes by before {self.data.slug} is opened.")
        with self.scene.on(self.scene.days.at(self.data.opened, 9)):
            open_to_all(round=self.row, account=self.officer)

    def _try(self, place: int, account: Account | None) -> None:
        attempt, moment = try_build(self.data, place, self.row, account, self.scene)
        for one in self.findings:
            if one.tried == place:
                with self.scene.on(moment):
                    finding = report(one, self.row, attempt, account, self.scene)
                self.found.append((one, finding))
        with self.scene.on(moment + dt.timedelta(minutes=1)):
            hand_in(self.data, place, attempt, account)

    def _hold(self, session: Session) -> None:
        """Who came is noted, and what was seen; some of it becomes a finding."""
        said = self.drawn.session
        with self.scene.on(session.starts_at + dt.timedelta(minutes=said.minutes)):
            for booking in session.bookings.select_related("session"):
                mark_attendance(booking=booking, came=True, account=self.officer)
            notes = [
                add_observation(session=session, text=text, language=WRITTEN, account=self.officer)
                for text in said.seen
            ]
            for note in notes[: said.found]:
                make_finding(observation=note, severity=said.severity, account=self.officer)


def _begins(said: SessionData, scene: Scene) -> dt.datetime:
    """That hour in Hong Kong, ahead or behind."""
    return dt.datetime.combine(scene.days.date(said.day), dt.time(said.hour), tzinfo=HONG_KONG)


def tidy() -> None:
    """The row that draws lock is made again by the next draw."""
    if not Draw.objects.exists():
        Turn.objects.all().delete()


PART = Part((SEATS.slug, *(one.slug for one in SEATS.rounds)), load, tidy, order=50)
