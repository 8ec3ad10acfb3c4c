"""What the walk of two rounds is about, and what its pages are to say, in each language."""

from __future__ import annotations

from dataclasses import dataclass

from core.simplified import to_simplified

#: Every text that officers write, Traditional Chinese and English.
PAIRS = (
    ("圖書館訂座程式", "Library seat booking"),
    ("泳池訂線程式", "Pool lane booking"),
    ("球場訂場程式", "Sports court booking"),
    ("在手機上找位置和預訂。", "Find a place and book it on your phone."),
    ("用手機預訂康樂場地的程式。", "An app that books places for leisure."),
    ("數碼服務組", "Digital Services Team"),
    ("預訂一個位置。", "Book a place."),
    ("地圖較慢。", "The map is slow."),
    ("預訂之後會顯示確認頁。", "After booking a page confirms it."),
    ("圖書館訂座第一回合", "Library seats, first round"),
    ("泳池訂線第一回合", "Pool lanes, first round"),
    ("球場訂場第一回合", "Sports courts, first round"),
    ("圖書館訂座第二回合", "Library seats, second round"),
    ("泳池訂線第二回合", "Pool lanes, second round"),
    ("球場訂場第二回合", "Sports courts, second round"),
    ("看看大家能否在一分鐘內訂到位置。", "See whether a place is booked in a minute."),
    ("找一個位置", "Find a place"),
    ("找一個明天下午空着的位置。", "Find a place that is free tomorrow afternoon."),
    ("預訂它", "Book it"),
    ("預訂你找到的位置。", "Book the place that you found."),
    ("最後", "At the end"),
    ("你會再用嗎？", "Would you use it again?"),
    ("會", "Yes"),
    ("不會", "No"),
    ("不少人預訂之後只見到空白頁，版本2會修正。", "Many saw an empty page. Build 2 mends it."),
    ("大部分人願意再用。", "Most would use it again."),
    ("繼續開發，先修正預訂。", "We go on, and mend booking first."),
    ("預訂是最重要的一步。", "Booking is what matters most."),
    ("場地單人券", "Entry for one"),
    ("可入場一次。", "Good for one visit."),
    ("請向職員出示換領碼，不可轉售。", "Show the code to the staff. Not for sale."),
)
ENGLISH = dict(PAIRS)
CHINESE = {english: chinese for chinese, english in PAIRS}
#: The first word of each walk's product, and the age group of its volunteers: walks share a
#: platform and find their own.
WHICH = {"zh-hant": "圖書館訂座", "en": "泳池訂線", "zh-hans": "球場訂場"}
AGES = {"zh-hant": "65-over", "en": "55-64", "zh-hans": "45-54"}


def source_of(language: str) -> str:
    """In which language the officers of a walk write first."""
    return "en" if language == "en" else "zh-hant"


def written(language: str, chinese: str) -> str:
    """A text as the officers of a walk write it."""
    return ENGLISH[chinese] if source_of(language) == "en" else chinese


def read(language: str, chinese: str) -> str:
    """A text as somebody who reads this language sees it."""
    return to_simplified(chinese) if language == "zh-hans" else written(language, chinese)


@dataclass(frozen=True)
class Words:
    """What our own pages are to say in one language."""

    ten_points: str
    #: The tag of an open round.
    trying: str
    #: What goes wrong, as two people say it.
    happened: str
    known: str
    mended: str
    two_mended: str
    shipped: str
    not_public: str
    by_officer: str
    compared: str
    more: str


WORDS = {
    "zh-hant": Words(
        ten_points="10積分",
        trying="試用中",
        happened="按預訂之後畫面變成一片空白",
        known="按預訂之後畫面一片空白",
        mended="已在版本2修正",
        two_mended="版本2修正了2項問題",
        shipped="你匯報的問題已在版本2修正",
        not_public="該版本尚未公開",
        by_officer="等候部門人員審閱",
        compared="版本2與版本1比較",
        more="+80（+15至+100），差異明顯",
    ),
    "en": Words(
        ten_points="10 points",
        trying="Open",
        happened="After pressing Book the page goes empty",
        known="After pressing Book the page is empty",
        mended="Mended in build 2",
        two_mended="Build 2 mended 2 findings",
        shipped="Your finding shipped in build 2",
        not_public="That build is not public yet",
        by_officer="Waits until an officer has looked at it",
        compared="Build 2 compared with build 1",
        more="+80 (+15 to +100), clear",
    ),
    "zh-hans": Words(
        ten_points="10积分",
        trying="试用中",
        happened="按预订之后画面变成一片空白",
        known="按预订之后画面一片空白",
        mended="已在版本2修正",
        two_mended="版本2修正了2项问题",
        shipped="你汇报的问题已在版本2修正",
        not_public="该版本尚未公开",
        by_officer="等候部门人员审阅",
        compared="版本2与版本1比较",
        more="+80（+15至+100），差异明显",
    ),
}
