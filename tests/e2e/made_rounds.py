"""What the walk of two rounds does not do by hand, in the platform's own data: officers, a product
with its first round, other people's tries, time gone by.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from core.simplified import to_simplified
from tests.e2e.round_words import AGES, CHINESE, ENGLISH, WHICH, WORDS, source_of, written

if TYPE_CHECKING:
    from accounts.models import Account
    from crowdtasks.products.models import Round
    from participation.models import Engagement

BUREAU = "LCSD"
ROLES = ("officer", "approver", "moderator", "administrator")
#: Points of the two rounds; the voucher takes both.
FIRST, SECOND = 10, 20
#: How many others try each round: with the one who walks they are enough to be told of.
OTHERS = 4


def email_of(role: str, language: str) -> str:
    """The address of an officer of one walk."""
    return f"rounds-{role}-{language}@people.example"


def first(language: str) -> dict[str, Any]:
    """Officers who read this language, a product with build 1 in its first round, four tries and a
    known finding of it, volunteers, a voucher for the points of both rounds.
    """
    from crowdtasks.products.models import Build
    from tests.factories.findings import find
    from tests.factories.ledger import fill_budget
    from tests.factories.panel import volunteers

    by = {role: _officer(role, language) for role in ROLES}
    fill_budget(_bureau(), 5_000)
    product = _published(
        language,
        by["officer"],
        kind="product",
        title=f"{WHICH[language]}程式",
        about="用手機預訂康樂場地的程式。",
        opens_on=_day(-30),
        builds=[_build(language)],
    )
    row = _round_of(
        _published(
            language,
            by["officer"],
            kind="round",
            title=f"{WHICH[language]}第一回合",
            **_round_fields(language),
            build=Build.objects.get(product=product.pk),
            reward=FIRST,
            reward_places=20,
        )
    )
    for place in range(OTHERS):
        _try(row, None, seconds=100 + 10 * place, went=("trouble", "failed"))
    find(row, happened=WORDS[language].known, severity="hard", language=language)
    volunteers(OTHERS, age=AGES[language], devices=["tablet"])
    return {
        "product": product.public_id,
        "product_path": product.paths[language],
        "id": row.engagement.public_id,
        "path": row.engagement.paths[language],
        "voucher": _voucher(by["administrator"]),
    }


def read_findings(product: str, language: str) -> dict[str, Any]:
    """A moderator lets everybody read what waits."""
    from accounts.models import Account
    from crowdtasks.findings.models import Finding
    from tests.factories.participation import decide

    by = Account.objects.get(email=email_of("moderator", language))
    held = Finding.objects.filter(
        product__engagement__public_id=product, contribution__state="held"
    )
    waiting = list(held.select_related("contribution"))
    for finding in waiting:
        decide(finding.contribution, by=by)
    return {"read": len(waiting)}


def answered(id: str, language: str) -> dict[str, Any]:
    """The first round is over, and the bureau has said what it learned and changes."""
    from accounts.models import Account
    from core import page_cache
    from participation import live, outcome_targets
    from participation.actions.outcome_items import ItemText, add_items, save_item
    from participation.actions.outcomes import approve_outcome, save_outcome, submit_outcome
    from participation.models import Engagement
    from tests.e2e.made_loop import later

    later(id)
    engagement = Engagement.objects.get(public_id=id)
    by = Account.objects.get(email=email_of("officer", language))
    learned = _texts("不少人預訂之後只見到空白頁，版本2會修正。")
    save_outcome(engagement=engagement, text=learned, by=by)
    targets = [one for one in outcome_targets.targets_of(engagement) if one[0] == "question"]
    for item in add_items(engagement=engagement, targets=targets, by=by):
        text = ItemText(
            asked=item.asked,
            said=_texts("大部分人願意再用。"),
            decided=_texts("繼續開發，先修正預訂。"),
            why=_texts("預訂是最重要的一步。"),
            verdict="adopted",
        )
        save_item(engagement=engagement, item=item.public_id, text=text, revision=None, by=by)
    submit_outcome(engagement=engagement, by=by)
    approver = Account.objects.get(email=email_of("approver", language))
    approve_outcome(engagement=engagement, by=approver)
    row = _round_of(engagement)
    page_cache.purge(live.tag(engagement), live.tag(row.build.product.engagement))
    return {}


def second(product: str, language: str) -> dict[str, Any]:
    """The draft of a round of build 2 for invited volunteers, which lacks nothing."""
    from accounts.models import Account
    from crowdtasks.products.models import Build

    page = _draft(
        language,
        Account.objects.get(email=email_of("officer", language)),
        kind="round",
        title=f"{WHICH[language]}第二回合",
        **_round_fields(language),
        build=Build.objects.get(product__engagement__public_id=product, version="2"),
        who="invited",
        asks_sus=True,
        results_from="live",
        reward=SECOND,
        reward_places=50,
    )
    return {"page": page.pk, "id": page.engagement.public_id}


def of_age(language: str) -> dict[str, Any]:
    """How many volunteers are of this walk's age."""
    from crowdtasks.panel.models import Volunteer

    return {"number": Volunteer.objects.filter(age=AGES[language]).count()}


def took(id: str, minutes: int) -> dict[str, Any]:
    """The one try of this round that is not handed in was begun so many minutes ago: whether it is
    found too fast is not left to the machine.
    """
    from core import clock
    from crowdtasks.products.models import Attempt

    attempt = Attempt.objects.get(round__engagement__public_id=id, contribution=None)
    attempt.begun_at = clock.now() - dt.timedelta(minutes=minutes)
    attempt.save(update_fields=["begun_at"])
    return {}


def others_tried(id: str) -> dict[str, Any]:
    """The other volunteers who were drawn accept and try the second round without trouble."""
    from crowdtasks.panel.models import Invitation
    from participation.models import Engagement
    from tests.factories.panel import accept

    row = _round_of(Engagement.objects.get(public_id=id))
    waiting = Invitation.objects.filter(draw__plan__round=row, state="waiting")
    others = waiting.select_related("person").order_by("pk")[:OTHERS]
    for place, invitation in enumerate(others):
        accept(invitation)
        account = invitation.person.accounts.get()
        _try(row, account, seconds=30 + 5 * place, went=("done", "done"))
    return {"tried": row.attempts.exclude(contribution=None).count()}


def proven(id: str) -> dict[str, Any]:
    """Raises unless the books hold and the draw of the second round gives the same people."""
    from django.core.management import call_command

    from crowdtasks.panel.models import Draw

    call_command("verify_ledger")
    call_command("verify_draw", Draw.objects.get(plan__round__engagement__public_id=id).public_id)
    return {}


# --- of one piece ---------------------------------------------------------------------------------


def _bureau() -> Any:
    from accounts.models import Bureau

    return Bureau.objects.get(code=BUREAU)


def _officer(role: str, language: str) -> Account:
    """Who has the role, made once: walks of two files may meet on one platform."""
    from accounts.actions import grant_role, open_account
    from accounts.models import Account
    from tests.e2e.made import PASSWORD

    email = email_of(role, language)
    known: Account | None = Account.objects.filter(email=email).first()
    if known is not None:
        return known
    account = open_account(email=email, password=PASSWORD, language=language, display_name=role)
    body = _bureau() if role in {"officer", "approver"} else None
    grant_role(account=account, role=role, bureau=body, by="system")
    return account


def _day(days: int) -> dt.date:
    from tests.factories.consultations import today

    return today() + dt.timedelta(days=days)


def _texts(chinese: str) -> dict[str, str]:
    return {"en": ENGLISH[chinese], "zh-hant": chinese, "zh-hans": to_simplified(chinese)}


def _draft(language: str, by: Account, *, title: str, about: str, **fields: Any) -> Any:
    from participation import faces

    source = source_of(language)
    page = faces.start(
        kind=fields.pop("kind"),
        bureau=_bureau(),
        title=written(language, title),
        source_language=source,
        by=by,
        fields={
            "summary": written(language, "在手機上找位置和預訂。"),
            "about": f"<p>{written(language, about)}</p>",
            "contact": written(language, "數碼服務組"),
            **fields,
        },
        translator=(CHINESE if source == "en" else ENGLISH).__getitem__,
    )
    page.refresh_from_db()
    return page


def _published(language: str, by: Account, **fields: Any) -> Engagement:
    from participation import faces
    from participation.models import Engagement

    engagement = faces.publish(page=_draft(language, by, **fields), by=None)
    return Engagement.objects.select_related("owner").get(pk=engagement.pk)


def _build(language: str) -> dict[str, Any]:
    from tests.factories.products import build

    return build(
        "1",
        to_try=written(language, "預訂一個位置。"),
        known_issues=written(language, "地圖較慢。"),
    )


def _round_fields(language: str) -> dict[str, Any]:
    """Two steps and a question; dates of a round that opened yesterday."""
    from tests.factories.products import step
    from tests.factories.questions import option, question, section

    def say(chinese: str) -> str:
        return written(language, chinese)

    options = [option("yes", say("會")), option("no", say("不會"))]
    asked = question("one", "again", say("你會再用嗎？"), options=options)
    return {
        "about": "看看大家能否在一分鐘內訂到位置。",
        "steps": [
            step("find", say("找一個位置"), say("找一個明天下午空着的位置。")),
            step("book", say("預訂它"), say("預訂你找到的位置。")),
        ],
        "questions": [section("s1", say("最後"), asked)],
        "opens_on": _day(-1),
        "closes_on": _day(20),
        "response_due": _day(50),
    }


def _round_of(engagement: Engagement) -> Round:
    from crowdtasks.products.models import Round

    return Round.objects.select_related("engagement__owner", "build__product__engagement").get(
        engagement=engagement
    )


def _try(row: Round, account: Account | None, *, seconds: int, went: tuple[str, str]) -> None:
    """Somebody else's try an hour ago: each step took that long; all ten statements alike."""
    from core import clock
    from crowdtasks.products.actions.trying import answer_step, begin_attempt, show_step
    from questionnaires.actions.drafts import save_draft
    from questionnaires.actions.responses import submit_response
    from questionnaires.loading import questionnaire_of

    questionnaire = questionnaire_of(row.engagement)
    assert questionnaire is not None
    person = account.person if account else None
    passed = dt.timedelta(hours=-1)
    with clock.travel(passed):
        attempt = begin_attempt(
            round=row, questionnaire=questionnaire, person=person, language="zh-hant"
        )
    for step, how in zip(row.steps.order_by("order"), went, strict=True):
        with clock.travel(passed):
            show_step(attempt=attempt, step=step)
        passed += dt.timedelta(seconds=seconds)
        ease = {"done": 6, "trouble": 4, "failed": 2}[how]
        with clock.travel(passed):
            answer_step(attempt=attempt, step=step, went=how, difficulty=ease, interrupted=False)
    draft = attempt.draft
    assert draft is not None
    values: dict[str, Any] = {"again": {"option": "yes"}}
    if row.asks_sus:
        values |= {f"sus-{item}": 4 if item % 2 else 2 for item in range(1, 11)}
    with clock.travel(passed + dt.timedelta(minutes=2)):
        save_draft(draft=draft, values=values, person=person)
        submit_response(draft=draft, person=person, account=account, language="zh-hant")


def _voucher(by: Account) -> str:
    """A voucher that costs the points of both rounds, with three codes."""
    from core import clock
    from crowdtasks.rewards.actions.catalogue import Details, create_reward, offer_reward
    from crowdtasks.rewards.actions.stock import import_codes
    from tests.factories.rewards import codes

    row = create_reward(
        details=Details(
            bureau=_bureau(),
            kind="voucher",
            points=FIRST + SECOND,
            per_person=1,
            opens_at=clock.now() - dt.timedelta(hours=1),
            low_at=0,
            texts={
                "name": _texts("場地單人券"),
                "summary": _texts("可入場一次。"),
                "terms": _texts("請向職員出示換領碼，不可轉售。"),
            },
        ),
        by=by,
    )
    import_codes(reward=row, content="\n".join(codes(3)).encode(), by=by)
    offer_reward(reward=row, by=by)
    return row.public_id
