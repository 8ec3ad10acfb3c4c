"""A contest whose call is over and whose jury scores now."""

from __future__ import annotations

from .data import Both, ContestData, Said

STAIRS = ContestData(
    slug="kinder-stairs",
    bureau="EPD",
    title=Both(
        "Kinder stairs and slopes: ideas for hilly districts", "好行斜路和樓梯：山坡社區的點子"
    ),
    summary=Both(
        "Many of us live up a hill. We asked what would make the daily climb easier; a jury scores "
        "the ideas now.",
        "不少市民住在斜坡上。我們問過大家怎樣令每日上落容易一點，評審團現正評分。",
    ),
    brief=Both(
        "We look for small works and services that help people with bags, prams and sore knees on "
        "public stairs and slopes.",
        "我們尋找小型工程和服務，幫助拿著重物、推嬰兒車和膝蓋不好的市民走公眾樓梯和斜路。",
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
        "The first two ideas are tried within a year.",
        "首兩名的點子會在一年內試行。",
    ),
    criteria=(
        (
            Both("Effect", "效果"),
            Both("How much easier the way gets, and for how many.", "路好行多少，惠及多少人。"),
            60,
        ),
        (
            Both("Feasibility", "可行性"),
            Both("Whether it can be tried within a year.", "能否在一年內試行。"),
            40,
        ),
    ),
    categories=(Both("Works", "工程"), Both("Services", "服務")),
    links=(),
    opens=-45,
    closes=-6,
    jury=12,
    ideas=(
        Said(
            "cw",
            "zh-hant",
            40,
            "每五十級樓梯加一張摺椅",
            "中西區的樓梯一口氣上不完。每五十級裝一張收得埋的摺椅，唔阻路，老人家可以抖一抖。",
            category=1,
            district="central-western",
        ),
        Said(
            "np",
            "en",
            38,
            "A second, lower handrail",
            "Children, wheelchair users and short people cannot reach the rail. Add a second one "
            "at 65 cm on the twenty busiest public stairs.",
            category=1,
            district="eastern",
        ),
        Said(
            "kc",
            "zh-hant",
            33,
            "街市搬運互助站",
            "喺街市門口設一個站，約好時間，有人幫手將餸拎上斜路。義工儲時數，長者免費。",
            category=2,
            district="kwai-tsing",
        ),
        Said(
            "wts",
            "zh-hans",
            29,
            "斜路贴上坡度和距离",
            "在路口写清楚前面多陡、多远、哪里有电梯，推婴儿车的人就不用走到一半才回头。",
            category=1,
            district="wong-tai-sin",
        ),
    ),
)
