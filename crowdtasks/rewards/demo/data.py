"""What is offered in the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

Words = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One reward. ``stock``: how many codes, or things at the counter."""

    bureau: str
    kind: str
    picture: str
    points: int
    per_person: int
    stock: int
    name: Words
    summary: Words
    terms: Words
    collect_at: Words
    picture_alt: Words


def _words(en: str, zh: str) -> Words:
    return {"en": en, "zh-hant": zh}


OFFERS = (
    Offer(
        bureau="LCSD",
        kind="voucher",
        picture="ticket",
        points=30,
        per_person=2,
        stock=40,
        name=_words("Museum ticket for one", "博物館單人入場券"),
        summary=_words(
            "One visit to any museum of the Department, the special exhibitions included.",
            "可參觀部門任何一間博物館一次，包括專題展覽。",
        ),
        terms=_words(
            "Show the code at the ticket office. Good for one visit until 31 December 2027. "
            "It cannot be exchanged for money.",
            "請在售票處出示換領碼。有效期至2027年12月31日，只限參觀一次，不可兌換現金。",
        ),
        collect_at={},
        picture_alt=_words("A ticket with a torn edge", "一張撕去副券的入場券"),
    ),
    Offer(
        bureau="LCSD",
        kind="prize",
        picture="bag",
        points=80,
        per_person=1,
        stock=12,
        name=_words("Canvas book bag", "帆布書袋"),
        summary=_words(
            "A strong bag for ten picture books or one large atlas.",
            "堅固的布袋，放得下十本圖畫書，或一本大地圖集。",
        ),
        terms=_words(
            "One for each person, while there are any. It is kept for thirty days; after that your "
            "points come back.",
            "每人一個，送完即止。為你保留三十日，逾期未領會退回積分。",
        ),
        collect_at=_words(
            "Central Library, ground floor counter, 10 am to 7 pm, closed on Wednesday mornings.",
            "中央圖書館地下櫃位，上午10時至晚上7時，星期三上午休館。",
        ),
        picture_alt=_words("A bag with two handles", "一個有兩條提帶的布袋"),
    ),
    Offer(
        bureau="EPD",
        kind="voucher",
        picture="leaf",
        points=50,
        per_person=1,
        stock=3,
        name=_words("A potted herb from the nursery", "苗圃香草盆栽"),
        summary=_words(
            "Basil, mint or rosemary, grown on the Department's compost.",
            "羅勒、薄荷或迷迭香，以部門的堆肥栽種。",
        ),
        terms=_words(
            "Show the code at the nursery's gate by the end of the season. One pot for each code.",
            "請於本季結束前在苗圃入口出示換領碼。每個換領碼換領一盆。",
        ),
        collect_at={},
        picture_alt=_words("A plant with two leaves in a pot", "花盆裏長着兩片葉的植物"),
    ),
)

#: Who redeems which, so many days ago.
SPENT = ("citizen", "Museum ticket for one", 2)
