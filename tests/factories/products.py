"""Products, builds, rounds and tries for tests, made and published through the real actions."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from accounts.models import Account, Bureau, Person
from consultations.actions.paper import publish_paper, start_paper
from consultations.actions.translation import follow_source
from core import clock
from crowdtasks.products.actions.trying import answer_step, begin_attempt, show_step
from crowdtasks.products.claim_codes import code_of
from crowdtasks.products.models import Attempt, Award, Build, ProductPage, Round, RoundPage
from participation import faces
from participation.models import Engagement, Receipt
from questionnaires.actions.drafts import save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.loading import questionnaire_of
from tests.factories.consultations import today, translator_from
from tests.factories.core import make_tree
from tests.factories.engagements import make_account, make_bureau
from tests.factories.ledger import fill_budget
from tests.factories.questions import option, question, section

_numbers = count(1)


def build(version: str = "1", **fields: Any) -> dict[str, Any]:
    """A build block as the editor stores it."""
    return {
        "type": "build",
        "id": fields.pop("id", f"build-{version}"),
        "value": {
            "version": version,
            "released_on": None,
            "link": "https://try.library.example.org/",
            "document": None,
            "to_try": "Book a seat.",
            "known_issues": "The map is slow.",
            "changes": "",
            **fields,
        },
    }


def make_product_draft(
    *,
    bureau: Bureau | None = None,
    by: Account | None = None,
    title: str = "",
    opens: int = -30,
    language: str = "en",
    translate: bool = True,
    **fields: Any,
) -> ProductPage:
    """A draft with one build, its translations written by ``by``."""
    make_tree()
    page = start_paper(
        face=faces.of_kind("product"),
        bureau=bureau or make_bureau(),
        title=title or f"Product {next(_numbers)}",
        source_language=language,
        by=by or make_account(),
        fields={
            "summary": "Book a seat in a library.",
            "contact": "Digital Team",
            "opens_on": today() + dt.timedelta(days=opens),
            "about": "<p>An app that books seats.</p>",
            "builds": [build()],
            **fields,
        },
        translator=translator_from(language) if translate else None,
    )
    page.refresh_from_db()
    return page


def make_product(**fields: Any) -> tuple[ProductPage, Engagement]:
    """A published product and its engagement."""
    page = make_product_draft(**fields)
    engagement = publish_paper(page=page, by=None)
    page.refresh_from_db()
    return page, Engagement.objects.select_related("owner", "product").get(pk=engagement.pk)


def edit(page: Any, **fields: Any) -> None:
    """Save a new draft of the source page, as the editor does, and translate it."""
    draft = page.get_latest_revision_as_object()
    for name, given in fields.items():
        stream = getattr(draft._meta.get_field(name), "stream_block", None)
        setattr(draft, name, stream.to_python(given) if stream else given)
    draft.save_revision(clean=False)
    page.refresh_from_db()
    follow_source(page=page, by=make_account(), translator=translator_from("en"))


def builds_of(engagement: Engagement) -> list[Build]:
    """All its builds, retired ones too, the oldest first."""
    return list(Build.objects.filter(product=engagement.pk))


def step(block_id: str, title: str, task: str = "Do it.") -> dict[str, Any]:
    """A step block as the editor stores it."""
    return {"type": "step", "id": block_id, "value": {"title": title, "task": task}}


def round_questions() -> list[dict[str, Any]]:
    """Two questions on one screen."""
    again = [option("yes", "Yes"), option("no", "No")]
    return [
        section(
            "s1",
            "At the end",
            question("one", "again", "Would you use it again?", options=again),
            question("long", "why", "What should be better?"),
        )
    ]


def make_round_draft(
    *,
    build: Build | None = None,
    by: Account | None = None,
    title: str = "",
    opens: int = -1,
    closes: int = 20,
    language: str = "en",
    **fields: Any,
) -> RoundPage:
    """A draft of two steps and two questions on a build of a product of its own."""
    build = build or builds_of(make_product()[1])[-1]
    page = start_paper(
        face=faces.of_kind("round"),
        bureau=build.product.engagement.owner,
        title=title or f"Round {next(_numbers)}",
        source_language=language,
        by=by or make_account(),
        fields={
            "summary": "Try to book a seat.",
            "contact": "Digital Team",
            "build": build,
            "about": "<p>Whether a seat is found in a minute.</p>",
            "steps": [step("find", "Find a seat"), step("book", "Book it")],
            "questions": round_questions(),
            "opens_on": today() + dt.timedelta(days=opens),
            "closes_on": today() + dt.timedelta(days=closes),
            "response_due": today() + dt.timedelta(days=closes + 30),
            **fields,
        },
        translator=translator_from(language),
    )
    page.refresh_from_db()
    return page


def make_round(**fields: Any) -> tuple[RoundPage, Round]:
    """A published round."""
    page = make_round_draft(**fields)
    engagement = publish_paper(page=page, by=None)
    page.refresh_from_db()
    return page, Round.objects.select_related("engagement__owner", "build").get(
        engagement=engagement
    )


def begin(row: Round, person: Person | None = None, source: str = "") -> Attempt:
    """A try that was just begun, each from a place of its own unless ``source`` names one."""
    questionnaire = questionnaire_of(row.engagement)
    assert questionnaire is not None
    return begin_attempt(
        round=row,
        questionnaire=questionnaire,
        person=person,
        language="en",
        source=source or f"test {next(_numbers)}",
    )


def tell(attempt: Attempt, went: str = "done", difficulty: int | None = 6, **how: Any) -> None:
    """Say the same of every step, each from its page on."""
    for one in attempt.round.steps.filter(retired_at=None):
        show_step(attempt=attempt, step=one)
        answer_step(
            attempt=attempt,
            step=one,
            went=went,
            difficulty=difficulty,
            interrupted=how.get("interrupted", False),
        )


def send(attempt: Attempt, account: Account | None = None) -> Receipt:
    """Answer the last questions and hand everything in."""
    assert attempt.draft is not None
    save_draft(draft=attempt.draft, values={"again": {"option": "yes"}})
    return submit_response(
        draft=attempt.draft, person=account.person if account else None, account=account
    )


def fields_of(row: Round) -> dict[str, str]:
    """The names of the last questions' fields by block id."""
    asked = row.engagement.questionnaires.get().questions.all()
    return {one.block_id: f"q-{one.anchor}" for one in asked}


def make_rewarded(
    *, reward: int = 10, places: int = 5, points: int = 100, **fields: Any
) -> tuple[RoundPage, Round]:
    """A published round that gives points, out of a budget that is filled first."""
    if "build" not in fields:
        fields["build"] = builds_of(make_product()[1])[-1]
    fill_budget(fields["build"].product.engagement.owner, points)
    return make_round(reward=reward, reward_places=places, **fields)


def hand_in(
    row: Round, account: Account | None = None, minutes: float = 5, source: str = ""
) -> Receipt:
    """A whole try that takes so long."""
    attempt = begin(row, account.person if account else None, source)
    with clock.travel(dt.timedelta(minutes=minutes)):
        tell(attempt)
        return send(attempt, account)


def code_for(receipt: Receipt) -> str:
    """The claim code that the receipt of this try shows."""
    return code_of(Award.objects.get(contribution=receipt.contribution))
