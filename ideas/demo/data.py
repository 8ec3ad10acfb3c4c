"""What the demonstration's contests say, and the ideas people hand in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Both:
    """A text in the two authority languages; Simplified follows."""

    en: str
    zh: str


@dataclass(frozen=True)
class Said:
    """An idea: who, in which language, how many days ago, and where it is filed."""

    who: str
    language: str
    days_ago: int
    title: str
    text: str
    category: int = 0
    tags: tuple[str, ...] = ()
    district: str = ""
    place: str = ""
    #: Who, in which language, on which side, in what words.
    comments: tuple[tuple[str, str, str, str], ...] = ()
    waits: bool = False


@dataclass(frozen=True)
class VoteData:
    """A contest's vote; days count from today. ``leaning``: of ten voters how many take an idea."""

    kind: str
    opens: int
    closes: int
    most: int = 3
    budget: int | None = None
    results: str = "live"
    voters: int = 0
    leaning: tuple[int, ...] = ()
    costs: tuple[int, ...] = ()


@dataclass(frozen=True)
class GivenData:
    """What the result gives the idea at that place of the contest's ideas, and why."""

    idea: int
    distinction: str
    reason: Both
    prize: Both | None = None


@dataclass(frozen=True)
class StepData:
    """A later step of an idea; ``day`` counts from today."""

    idea: int
    day: int
    status: str
    language: str
    sentence: str


@dataclass(frozen=True)
class ResultData:
    """How a contest ended. ``marks``: by juror and idea, on each criterion."""

    published: int
    answer: Both
    marks: tuple[tuple[tuple[int, ...], ...], ...]
    given: tuple[GivenData, ...]
    steps: tuple[StepData, ...]


@dataclass(frozen=True)
class ContestData:
    """A contest; days count from today. ``closes`` 0: a standing box."""

    slug: str
    bureau: str
    title: Both
    summary: Both
    brief: Both
    eligibility: Both
    terms: Both
    prizes: Both | None
    criteria: tuple[tuple[Both, Both, int], ...]
    categories: tuple[Both, ...]
    links: tuple[tuple[Both, str], ...]
    opens: int
    closes: int
    ideas: tuple[Said, ...]
    vote: VoteData | None = None
    #: Days from the end of the call to the promised result.
    result_after: int = 75
    #: The last day of the jury; 0: no jury.
    jury: int = 0
    result: ResultData | None = None


CONTACT = Both(
    "Community Participation Unit, telephone 2835 0000",
    "社區參與組，電話 2835 0000",
)

SHADE = ContestData(
    slug="cooler-streets",
    bureau="EPD",
    title=Both("Cooler streets: ideas for hot days", "清涼街道：應對酷熱天氣的點子"),
    summary=Both(
        "Summers are getting hotter. Tell us what would make the way to the bus stop, the market "
        "or school bearable, and what you would do first. Small things count.",
        "夏天愈來愈熱。怎樣令走到巴士站、街市或學校的路好過一點？你會先做甚麼？小事也算。",
    ),
    brief=Both(
        "We look for ideas that cool streets, stops and small open spaces. They may cost little or "
        "much; say for whom they are and where one could begin.",
        "我們尋找令街道、車站和小型休憩處降溫的點子。花費多少都可以；請說明為誰而設，可以由哪裏開始。",
    ),
    eligibility=Both(
        "Everybody who lives, works or studies in Hong Kong. One person may hand in several ideas.",
        "所有在香港居住、工作或讀書的人。一人可提交多個點子。",
    ),
    terms=Both(
        "Ideas stay their authors'. The department may use, change and build them, and names the "
        "author where the author agrees.",
        "點子仍屬作者所有。本署可使用、修改和實行點子；如作者同意，會列出作者姓名。",
    ),
    prizes=Both(
        "Three ideas are tried in one district each within a year. Their authors are invited to "
        "work out the details.",
        "三個點子會在一年內各選一區試行，並邀請作者一同訂定細節。",
    ),
    criteria=(
        (
            Both("Effect", "效果"),
            Both("How much cooler it gets, and for how many people.", "降溫多少，惠及多少人。"),
            40,
        ),
        (
            Both("Feasibility", "可行性"),
            Both("Whether it can be tried within a year.", "能否在一年內試行。"),
            35,
        ),
        (
            Both("Fairness", "公平"),
            Both("Whether it helps those who suffer most.", "是否幫到最受影響的人。"),
            25,
        ),
    ),
    categories=(
        Both("Shade", "遮蔭"),
        Both("Water", "水"),
        Both("Green", "綠化"),
        Both("Something else", "其他"),
    ),
    links=((Both("Weather data of the Observatory", "天文台天氣數據"), "https://data.gov.hk/"),),
    opens=-18,
    closes=30,
    ideas=(
        Said(
            "ssp",
            "zh-hant",
            16,
            "劏房樓下設涼快角落",
            "劏房熱到瞓唔到。可唔可以喺地舖或者社區會堂朝早到夜晚開一個有風扇有水飲嘅角落，等老人家同細路落嚟抖一抖？",
            category=4,
            tags=("劏房", "長者"),
            district="sham-shui-po",
            comments=(
                ("wts", "zh-hans", "for", "同意，晚上最热，可以开到十一点吗？"),
                ("np", "en", "for", "Hospitals see these families every July. This would help."),
            ),
        ),
        Said(
            "np",
            "en",
            14,
            "Shade sails over the queue at bus stops",
            "People stand twenty minutes in the sun at King's Road. Stretch a light sail over the "
            "queue, not only over the sign. Begin with the ten longest queues and count how many "
            "people choose the shaded stop.",
            category=1,
            tags=("bus", "shade"),
            district="eastern",
            place="King's Road, North Point",
            comments=(("tw", "en", "against", "Please not the kind that flaps in every typhoon."),),
        ),
        Said(
            "yl",
            "zh-hans",
            12,
            "墟市旁种会遮阴的树",
            "元朗墟那条路完全没有树荫。种榕树或者细叶榄仁，树坑做大一点，店铺可以帮忙浇水。",
            category=3,
            tags=("树", "遮阴"),
            district="yuen-long",
        ),
        Said(
            "tp",
            "zh-hant",
            10,
            "學校操場放學後開放乘涼",
            "很多學校操場有樹有風，放學後卻鎖上。可由家長教師會輪值，五時至七時開放給街坊乘涼。",
            category=3,
            tags=("學校",),
            district="tai-po",
            comments=(("tm", "zh-hant", "thought", "安全問題要先講好，但我支持。"),),
        ),
        Said(
            "tko",
            "en",
            8,
            "Drinking water every kilometre along the cycle track",
            "There is one tap between Tseung Kwan O and LOHAS Park. Put one every kilometre, with "
            "a low bowl for dogs.",
            category=2,
            tags=("water", "cycling"),
            district="sai-kung",
        ),
        Said(
            "kc",
            "zh-hant",
            5,
            "清潔工的涼亭和冰水",
            "我們中午掃街最熱。每區找三個有蓋的地方，放長櫈和冰水機，清潔工、速遞員都可以用。",
            category=1,
            tags=("工人", "冰水"),
            district="kwai-tsing",
            place="石排街街市旁",
        ),
        Said(
            "cw",
            "zh-hant",
            3,
            "用海水噴霧降溫",
            "海濱有的是海水。在中環至西環海濱走廊裝噴霧，三十三度以上才開。",
            category=2,
            district="central-western",
        ),
        Said(
            "ti",
            "en",
            0,
            "Light-coloured paint on pier roofs",
            "The waiting halls of the outlying piers bake under dark roofs. Paint them white.",
            category=4,
            waits=True,
        ),
    ),
    vote=VoteData("votes", opens=38, closes=48, most=3),
)

BOX = ContestData(
    slug="library-ideas-box",
    bureau="LCSD",
    title=Both("Ideas box of the public libraries", "公共圖書館點子箱"),
    summary=Both(
        "What should your library do that it does not do yet? The box is always open. Once a month "
        "the librarians answer what came in.",
        "你希望圖書館做些甚麼現在還沒有做的事？點子箱長期開放，館員每月回應一次。",
    ),
    brief=Both(
        "Everything from a chair to a new service. Complaints about a single visit belong to the "
        "branch; ideas belong here.",
        "由一張椅子到一項新服務都可以。個別事件的投訴請向分館提出；點子放在這裏。",
    ),
    eligibility=Both("Everybody.", "任何人。"),
    terms=Both(
        "Ideas stay their authors'. Whoever likes one may make it happen.",
        "點子仍屬作者所有；誰喜歡都可以實行。",
    ),
    prizes=None,
    criteria=(),
    categories=(Both("Opening hours", "開放時間"), Both("Books", "書籍"), Both("Space", "空間")),
    links=(),
    opens=-70,
    closes=0,
    ideas=(
        Said(
            "st",
            "zh-hant",
            60,
            "夜更人也想看書",
            "我凌晨放工，圖書館未開；起床時又快關。可否每區有一間還書兼取書的廿四小時櫃？",
            category=1,
            tags=("夜更",),
            district="sha-tin",
            comments=(("np", "en", "for", "Nurses would use it every week."),),
        ),
        Said(
            "tw",
            "en",
            41,
            "A quiet table for phone interviews",
            "Not everybody has a quiet room for an online job interview. One bookable booth a "
            "branch would do.",
            category=3,
            district="tsuen-wan",
        ),
        Said(
            "wts",
            "zh-hans",
            20,
            "多一些学广东话的书",
            "新来港的人想学广东话，书架上只有两本，而且都很旧。",
            category=2,
            tags=("广东话",),
            district="wong-tai-sin",
        ),
    ),
)
