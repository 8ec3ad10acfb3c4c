"""Twelve questions as a bureau would ask them, and time gone by, in the platform's own data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.simplified import to_simplified
from questionnaires.definition import Definition, OptionDef, QuestionDef, SectionDef
from tests.factories.questionnaires import question, when


def _words(hant: str, en: str) -> dict[str, str]:
    return {"en": en, "zh-hant": hant, "zh-hans": to_simplified(hant)}


def _option(key: str, hant: str, en: str, **marks: bool) -> OptionDef:
    return OptionDef(key, _words(hant, en), **marks)


def _asked(number: int, key: str, kind: str, hant: str, en: str, **fields: Any) -> QuestionDef:
    return question(key, kind, number=number, title=_words(hant, en), **fields)


def _section(key: str, hant: str, en: str, *questions: QuestionDef) -> SectionDef:
    return SectionDef(key, _words(hant, en), {}, questions)


YES_NO = (_option("yes", "有", "Yes"), _option("no", "沒有", "No"))


def night_market() -> Definition:
    """Twelve questions in four parts; three of them are shown after answers to others."""
    return Definition(
        intro=_words("多謝你抽空回答。", "Thank you for your time."),
        organisations=True,
        sections=(
            _section(
                "going",
                "你和街市",
                "You and the market",
                _asked(
                    1,
                    "goes",
                    "one",
                    "過去一個月，你有沒有去街市？",
                    "Did you go to a market in the last month?",
                    is_key=True,
                    options=YES_NO,
                ),
                _asked(
                    2,
                    "buys",
                    "several",
                    "你買甚麼？",
                    "What do you buy?",
                    options=(
                        _option("fish", "魚", "Fish"),
                        _option("greens", "蔬菜", "Vegetables"),
                        _option("meat", "肉類", "Meat"),
                        _option("else", "其他", "Something else", other=True),
                    ),
                    settings={"most": 3},
                    condition=when(("goes", "is-any", "yes")),
                ),
                _asked(
                    3,
                    "why-not",
                    "long",
                    "為甚麼沒有去？",
                    "Why did you not go?",
                    condition=when(("goes", "is-any", "no")),
                ),
            ),
            _section(
                "trial",
                "試行計劃",
                "The trial",
                _asked(
                    4,
                    "late",
                    "scale",
                    "街市開到晚上十一時，對你有多大用處？",
                    "How useful would a market be to you that is open until 11 pm?",
                    is_key=True,
                    settings={
                        "labels": {
                            "1": _words("完全無用", "Of no use"),
                            "5": _words("非常有用", "Very useful"),
                        }
                    },
                ),
                _asked(
                    5,
                    "minutes",
                    "number",
                    "由你家走到街市要多少分鐘？",
                    "How many minutes is it on foot from your home?",
                    condition=when(("late", "at-least", "4")),
                ),
                _asked(6, "begin", "date", "試行應該哪天開始？", "When should the trial begin?"),
            ),
            _section(
                "worries",
                "顧慮和建議",
                "Worries and ideas",
                _asked(
                    7,
                    "worry",
                    "several",
                    "你擔心甚麼？",
                    "What worries you?",
                    options=(
                        _option("noise", "噪音", "Noise"),
                        _option("waste", "垃圾", "Rubbish"),
                        _option("none", "都不擔心", "Nothing", alone=True),
                    ),
                ),
                _asked(8, "best", "short", "你最喜歡哪個街市？", "Which market do you like best?"),
                _asked(9, "ideas", "long", "怎樣可以做得更好？", "How could it be done better?"),
                _asked(
                    10,
                    "spends",
                    "number",
                    "你每星期在街市花多少元？",
                    "How many dollars do you spend in a week?",
                    settings={"places": 2},
                ),
            ),
            _section(
                "last",
                "最後",
                "Last",
                _asked(
                    11,
                    "agrees",
                    "one",
                    "你支持試行嗎？",
                    "Do you support the trial?",
                    is_key=True,
                    options=(
                        _option("yes", "支持", "Yes"),
                        _option("no", "不支持", "No"),
                        _option("unsure", "未決定", "Not decided"),
                    ),
                ),
                _asked(
                    12,
                    "keep",
                    "consent",
                    "我明白我的回答會用來評估試行計劃。",
                    "I understand that my answers are used to assess the trial.",
                    required=True,
                    reason=_words("研究倫理要求先得你同意。", "Research ethics ask for it."),
                ),
            ),
        ),
    )


def asked(title: str, english: str, anyone: bool = False) -> dict[str, Any]:
    """An open paper with the twelve questions; ``anyone``: also who does not say who it is."""
    from participation.models import Engagement
    from questionnaires.actions.definition import write_questionnaire
    from tests.e2e.made import _paper
    from tests.factories.questionnaires import levels

    made = _paper(title, opens=-1, closes=40)
    engagement = Engagement.objects.get(public_id=made["id"])
    engagement.title = _words(title, english)
    if anyone:
        engagement.levels = levels(0)
    engagement.save(update_fields=["title", "levels"])
    write_questionnaire(engagement=engagement, definition=night_market(), by=None)
    return made


def later(id: str) -> dict[str, Any]:
    """Time goes by: close and grace are over. Whatever this engagement has is older by as much."""
    from django.db.models import F

    from core import clock
    from participation.models import Contribution, Engagement, Phase

    engagement = Engagement.objects.get(public_id=id)
    assert engagement.closes_at is not None
    gone = engagement.closes_at - clock.now() + dt.timedelta(minutes=engagement.grace_minutes + 1)
    Engagement.objects.filter(pk=engagement.pk).update(
        opens_at=F("opens_at") - gone,
        closes_at=F("closes_at") - gone,
        published_at=F("published_at") - gone,
    )
    Phase.objects.filter(engagement=engagement).update(
        opens_at=F("opens_at") - gone, closes_at=F("closes_at") - gone
    )
    # In their order, before the close.
    Contribution.objects.filter(engagement=engagement).update(
        received_at=F("received_at") - gone / 2
    )
    return {"days": gone.days}


def other_parts(id: str) -> dict[str, Any]:
    """The parts of an outcome that nobody wrote yet, in few words, as its officer saves them."""
    from accounts.models import Account
    from participation.actions.outcome_items import ItemText, save_item
    from participation.models import Engagement, OutcomeItem
    from tests.e2e.made import STAFF

    engagement = Engagement.objects.get(public_id=id)
    officer = Account.objects.get(email=STAFF["officer"])
    waiting = OutcomeItem.objects.filter(outcome__engagement=engagement, verdict="")
    for item in waiting:
        text = ItemText(
            asked=item.asked,
            said=_words("意見不一。", "Opinions differ."),
            decided=_words("試行時會一併留意。", "The trial takes it into account."),
            why=_words("要先看試行結果。", "The trial shows first."),
            change={},
            verdict="noted",
            change_on=None,
        )
        save_item(
            engagement=engagement,
            item=item.public_id,
            text=text,
            revision=item.revision,
            by=officer,
        )
    return {"written": len(waiting)}
