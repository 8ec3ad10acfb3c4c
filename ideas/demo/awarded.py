"""A contest that has ended: voted on, judged, awarded, and followed until something was built."""

from __future__ import annotations

from .data import Both, ContestData, GivenData, ResultData, Said, StepData, VoteData

MARKET = ContestData(
    slug="less-plastic-at-the-market",
    bureau="EPD",
    title=Both("Less plastic at the market", "街市少用膠"),
    summary=Both(
        "How can a wet market do with fewer plastic bags, without making shopping harder? People "
        "handed in ideas and voted, a jury scored them, and the first are being tried.",
        "街市怎樣可以少用膠袋，買餸又一樣方便？街坊提交點子和投票，評審團評分，首批點子已經試行。",
    ),
    brief=Both(
        "We look for ideas that one market can try within half a year. Stall keepers must be able "
        "to live with them.",
        "我們尋找一個街市半年內可以試行的點子，檔主也要用得着。",
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
        "The first idea is tried in two markets, the second in one. A third may be shortlisted.",
        "第一名的點子會在兩個街市試行，第二名在一個街市試行；另可選一個點子入圍。",
    ),
    criteria=(
        (
            Both("Effect", "效果"),
            Both("How many bags are saved.", "可以省下多少膠袋。"),
            60,
        ),
        (
            Both("Feasibility", "可行性"),
            Both("Whether stall keepers can live with it.", "檔主是否用得着。"),
            40,
        ),
    ),
    categories=(Both("Containers", "器皿"), Both("Habits", "習慣")),
    links=(),
    opens=-200,
    closes=-160,
    jury=-122,
    result_after=55,
    ideas=(
        Said(
            "tw",
            "en",
            190,
            "Borrow a box, bring it back anywhere",
            "Boxes with a deposit, taken back at every market of the district and washed there.",
            category=1,
            district="tsuen-wan",
        ),
        Said(
            "ssp",
            "zh-hant",
            185,
            "自備器皿減一蚊",
            "自己帶盒、帶袋買餸，檔主減一蚊。署方補貼頭三個月，之後檔主慳返膠袋錢就夠。",
            category=2,
            tags=("自備",),
            district="sham-shui-po",
        ),
        Said(
            "wts",
            "zh-hans",
            178,
            "旧布袋放在街市门口",
            "家里多的布袋拿来放在门口，忘了带袋的人拿一个，下次放回来。",
            category=2,
            district="wong-tai-sin",
        ),
        Said(
            "kc",
            "zh-hant",
            170,
            "魚檔用水草紮魚",
            "以前用鹹水草紮魚紮菜，一條草就拎得走，濕水都唔爛。",
            category=1,
            district="kwai-tsing",
        ),
    ),
    vote=VoteData("approval", opens=-150, closes=-136, voters=38, leaning=(7, 8, 4, 2)),
    result=ResultData(
        published=-108,
        answer=Both(
            "We try the first idea in two markets and the second in one, and we say here every few "
            "months how it goes.",
            "第一名的點子會在兩個街市試行，第二名在一個街市試行。我們每隔幾個月會在這裏交代進展。",
        ),
        marks=(
            ((8, 6), (7, 9), (5, 8), (3, 4)),
            ((8, 6), (8, 8), (6, 9), (4, 6)),
            ((9, 4), (9, 9), (6, 7), (2, 5)),
        ),
        given=(
            GivenData(
                1,
                "awarded",
                Both(
                    "It costs little, stall keepers asked for it, and people liked it most.",
                    "花費少，檔主主動支持，街坊的票數也最高。",
                ),
                Both("First prize", "一等獎"),
            ),
            GivenData(
                0,
                "awarded",
                Both(
                    "The jury saw the largest effect here; washing the boxes has to be proved.",
                    "評審團認為效果最大，但清洗安排仍需實證。",
                ),
                Both("Second prize", "二等獎"),
            ),
            GivenData(
                2,
                "shortlisted",
                Both(
                    "Any market can begin tomorrow; we tell all of them about it.",
                    "任何街市明天就可以開始，我們會向所有街市介紹。",
                ),
            ),
        ),
        steps=(
            StepData(
                1,
                -80,
                "in-progress",
                "zh-hant",
                "北河街街市和荃灣楊屋道街市由今日起試行，為期三個月。",
            ),
            StepData(
                0,
                -50,
                "adopted",
                "en",
                "A washing place is being built; boxes come to one market after the summer.",
            ),
            StepData(
                3,
                -45,
                "not-adopted",
                "zh-hant",
                "水草供應不穩定，檔主試用後認為成本太高，因此不採納。",
            ),
            StepData(
                1,
                -12,
                "done",
                "zh-hant",
                "試行期間膠袋用量減少四成，署方決定資助推展至另外六個街市。",
            ),
        ),
    ),
)
