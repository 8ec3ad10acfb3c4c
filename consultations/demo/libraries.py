"""LCSD: library opening hours. Open."""

from .libraries_survey import SURVEY, WRITTEN
from .shapes import Both, Paper, Said

LIBRARIES = Paper(
    slug="library-hours",
    bureau="LCSD",
    source="zh-hant",
    title=Both("When should our libraries be open?", "公共圖書館應該何時開放？"),
    summary=Both(
        "Public libraries could open earlier, close later, or stay open on the day they now close. "
        "Not everything can be done with the same staff. Tell us when you would come. "
        "(A demonstration paper.)",
        "公共圖書館可以早些開門、遲些關門，或在現時的休館日開放；但以現有人手不能全部做到。"
        "請告訴我們你會在甚麼時間來。（示範文件）",
    ),
    opens=-30,
    closes=26,
    due=82,
    file_number="LCSD/DEMO/2026/07",
    topics=["recreation"],
    contact=Both(
        "Libraries and Development, Leisure and Cultural Services Department\n"
        "E-mail: libraries@demo.example",
        "康樂及文化事務署圖書館及發展組\n電郵：libraries@demo.example",
    ),
    chapters=[
        (
            Both("Today", "現況"),
            [
                Both(
                    "Seventy-one libraries and twelve mobile libraries serve the eighteen "
                    "districts. Most district libraries close at 8 pm on weekdays and at 5 pm on "
                    "Sundays, and are closed on one weekday morning or day.",
                    "全港十八區有71間固定圖書館和12間流動圖書館。大部分分區圖書館平日晚上8時關門，"
                    "星期日下午5時關門，每星期有一個上午或一天休館。",
                ),
                Both(
                    "Students' study rooms stay open to 10 pm and later before examinations. "
                    "Self-service stations lend and take back books at any hour in three places.",
                    "自修室開放至晚上10時，考試前更會延長。三個自助圖書站全日可借還書。",
                ),
            ],
        ),
        (
            Both("Three ways", "三個方案"),
            [
                Both(
                    "A: every district library opens to 9 pm from Tuesday to Friday.",
                    "方案甲：所有分區圖書館星期二至五開放至晚上9時。",
                ),
                Both(
                    "B: every district library opens to 7 pm on Sundays and public holidays.",
                    "方案乙：所有分區圖書館星期日及公眾假期開放至晚上7時。",
                ),
                Both(
                    "C: hours stay as they are, and eighteen more self-service stations are put "
                    "near MTR stations.",
                    "方案丙：開放時間不變，在港鐵站附近增設十八個自助圖書站。",
                ),
                Both(
                    "A and B each need about ninety more staff; C needs twelve.",
                    "方案甲和乙各需增加約九十名人手；方案丙需十二名。",
                ),
            ],
        ),
    ],
    statements=[
        Both("I would use a library after 8 pm.", "晚上8時後我會使用圖書館。"),
        Both("Sunday evening matters more than weekday evenings.", "星期日晚上比平日晚上重要。"),
        Both("A machine near the station is enough for me.", "車站附近有自助機對我已經足夠。"),
        Both(
            "Librarians should not have to work later than 8 pm.",
            "圖書館員不應需要工作至晚上8時後。",
        ),
        Both(
            "Quiet seats matter more to me than books.",
            "對我來說，安靜的座位比書本重要。",
        ),
    ],
    leaning=[(66, 18), (35, 44), (38, 41), (42, 33), (55, 28)],
    voters=38,
    survey=SURVEY,
    responses=41,
    written=WRITTEN,
    said=[
        Said(
            "st",
            "我返夜更，下午先瞓醒，平日8點關門等於冇得去。支持方案甲。",
            "zh-hant",
            on="2.1",
            agree=11,
        ),
        Said("tp", "退休人士多在早上來，請不要為了夜間開放而減少早上的人手。", "zh-hant", agree=6),
        Said(
            "ti",
            "On the outlying islands a machine by the pier would beat both A and B.",
            "en",
            on="2.3",
            agree=5,
        ),
        Said(
            "wts",
            "孩子放学到父母下班之间，图书馆是最安全的地方，希望周日也开晚一点。",
            "zh-hans",
            on="2.2",
            agree=8,
        ),
        Said(
            "np",
            "Hospital shifts end at nine. A self-service locker at the interchange is what I "
            "would use.",
            "en",
            on="2.3",
            agree=4,
        ),
        Said("citizen2", "自修室的座位預約系統要先改好。", "zh-hant", on="1.2", agree=3),
    ],
)
