"""Contests of the demonstration that people vote in: two in their vote, one counted."""

from __future__ import annotations

from .data import Both, ContestData, Said, VoteData

EVERYBODY = Both(
    "Everybody who lives, works or studies in Hong Kong.", "所有在香港居住、工作或讀書的人。"
)
TERMS = Both(
    "Ideas stay their authors'. The department may use, change and build them.",
    "點子仍屬作者所有。本署可使用、修改和實行點子。",
)
PRIZES = Both("What comes first is built first.", "排在最前的最先實行。")

STREET_ART = ContestData(
    slug="walls-that-speak",
    bureau="LCSD",
    title=Both("Walls that speak: pictures for six streets", "會說話的牆：為六條街畫畫"),
    summary=Both(
        "Six walls wait for a picture. Look at what people propose and give stars to those you "
        "would like to walk past every day.",
        "六幅牆等着你。看看街坊的提議，為你希望天天路過看到的畫給星。",
    ),
    brief=Both(
        "A picture may tell of the street, its trades and its people. No advertising, no names.",
        "畫可以講街道、行業和街坊的故事。不可有廣告和人名。",
    ),
    eligibility=EVERYBODY,
    terms=TERMS,
    prizes=PRIZES,
    criteria=(),
    categories=(),
    links=(),
    opens=-60,
    closes=-20,
    ideas=(
        Said(
            "ssp",
            "zh-hant",
            50,
            "布販一條街",
            "在欽州街的牆畫出昔日的布販市場，布匹由牆頭垂到牆腳，小朋友可以數有幾多種花紋。",
            district="sham-shui-po",
        ),
        Said(
            "ti",
            "en",
            45,
            "The last dragon boat builder",
            "Paint the yard as it was: shavings, ribs of a hull, and a boy who holds the lamp.",
            district="islands",
        ),
        Said(
            "yl",
            "zh-hans",
            40,
            "候鸟地图",
            "把每年来米埔的候鸟画成一张地图，飞得越远的画得越高。",
            district="yuen-long",
        ),
        Said(
            "wts",
            "zh-hant",
            33,
            "屋邨的窗",
            "一百扇窗，一百個家庭晚飯時的剪影。每年由邨裏的學生加畫一扇。",
            district="wong-tai-sin",
        ),
    ),
    vote=VoteData("stars", opens=-6, closes=8, voters=27, leaning=(7, 4, 5, 8)),
)

POCKET_PARK = ContestData(
    slug="three-million-for-a-park",
    bureau="LCSD",
    title=Both("Three million for a small park", "三百萬元，一個小公園"),
    summary=Both(
        "The park at the corner is being renewed. Three million dollars are there, and more wishes "
        "than money. Choose what it is spent on.",
        "街角公園正在翻新。款項有三百萬元，願望卻不止這麼多。由你選擇怎樣用。",
    ),
    brief=Both(
        "Everything that makes the park better for those who use it. The department has said what "
        "each idea costs.",
        "任何令公園更好用的點子都可以。本署已列出每個點子的費用。",
    ),
    eligibility=EVERYBODY,
    terms=TERMS,
    prizes=PRIZES,
    criteria=(),
    categories=(),
    links=(),
    opens=-75,
    closes=-25,
    ideas=(
        Said(
            "kc",
            "zh-hant",
            70,
            "有蓋長櫈和飲水機",
            "長者坐得耐，落雨都有瓦遮頭；旁邊放一部斟水機。",
            district="kwai-tsing",
        ),
        Said(
            "tw",
            "en",
            62,
            "A climbing frame for ten-year-olds",
            "Everything there is for toddlers. Build one frame that is worth climbing.",
            district="tsuen-wan",
        ),
        Said(
            "tp",
            "zh-hant",
            55,
            "輪椅都行到的迴圈小徑",
            "把三級石階改成斜道，整個公園就可以推着輪椅走一圈。",
            district="tai-po",
        ),
        Said(
            "st",
            "zh-hans",
            48,
            "夜里的灯",
            "晚上九点以后很暗，不敢穿过公园回家。沿路装低一点的灯，不照进住户的窗。",
            district="sha-tin",
        ),
    ),
    vote=VoteData(
        "budget",
        opens=-3,
        closes=11,
        budget=3_000_000,
        results="close",
        voters=31,
        leaning=(6, 4, 8, 7),
        costs=(650_000, 1_900_000, 1_200_000, 800_000),
    ),
)

NAMES = ContestData(
    slug="name-the-new-library",
    bureau="LCSD",
    title=Both("What should be in the new library?", "新圖書館應該有甚麼？"),
    summary=Both(
        "The shell stands, the rooms are empty. People handed in what should be in them, and "
        "others chose what they like. The vote has closed and was counted.",
        "外殼已建成，裏面還是空的。街坊提出應該放甚麼，大家選出喜歡的。投票已經截止並點算。",
    ),
    brief=Both(
        "One floor is free. Say what it should be for and who would use it.",
        "有一層樓可以自由使用。請說說應該做甚麼，誰會用。",
    ),
    eligibility=EVERYBODY,
    terms=TERMS,
    prizes=PRIZES,
    criteria=(),
    categories=(),
    links=(),
    opens=-120,
    closes=-85,
    ideas=(
        Said(
            "np",
            "en",
            115,
            "A workshop with tools to borrow",
            "Drills, sewing machines, a bench. Borrow a tool as one borrows a book.",
            district="eastern",
        ),
        Said(
            "tm",
            "zh-hant",
            108,
            "通宵溫習室",
            "考試季節開通宵，有保安、有熱水，學生不用再去快餐店。",
            district="tuen-mun",
        ),
        Said(
            "tko",
            "en",
            100,
            "A room for bands",
            "Sound-proof, with a drum kit that belongs to nobody. An hour each, by booking.",
            district="sai-kung",
        ),
    ),
    vote=VoteData("approval", opens=-70, closes=-56, voters=42, leaning=(5, 7, 3)),
    result_after=100,
)

VOTED = (STREET_ART, POCKET_PARK, NAMES)
