"""LCSD: what is asked about library opening hours, and what some people wrote."""

from .shapes import Answered, Ask, Both, Survey

SURVEY = Survey(
    intro=Both(
        "Ten questions about when you would come and what for. Answer those you have a view on.",
        "共十條問題，想了解你會在甚麼時間到圖書館、為了甚麼。有意見的才須回答。",
    ),
    sections=[
        (
            Both("How you use libraries", "你怎樣使用圖書館"),
            [
                Ask(
                    "visits",
                    "one",
                    Both(
                        "How often did you go to a public library in the past year?",
                        "過去一年，你多久去一次公共圖書館？",
                    ),
                    key=True,
                    options={
                        "weekly": Both("Every week", "每星期"),
                        "monthly": Both("Every month", "每月"),
                        "few": Both("A few times", "幾次"),
                        "never": Both("Never", "沒有去過"),
                    },
                ),
                Ask(
                    "away",
                    "several",
                    Both("What keeps you away?", "你沒有去的原因是甚麼？"),
                    options={
                        "hours": Both("It is closed when I am free", "我有空時已經關門"),
                        "far": Both("It is too far", "路程太遠"),
                        "online": Both("I find all I need online", "網上已經足夠"),
                        "another": Both("Something else", "其他原因"),
                    },
                    other="another",
                    when=("visits", "is-any", "never"),
                ),
                Ask(
                    "uses",
                    "several",
                    Both("What do you come for?", "你去圖書館做甚麼？"),
                    options={
                        "borrow": Both("To borrow and return books", "借還書"),
                        "study": Both("To study or work", "溫習或工作"),
                        "papers": Both("Newspapers and magazines", "看報章雜誌"),
                        "children": Both("With children", "帶小朋友來"),
                        "computers": Both("Computers and Wi-Fi", "使用電腦和無線網絡"),
                        "another": Both("Something else", "其他"),
                    },
                    other="another",
                    most=3,
                    when=("visits", "is-none", "never"),
                ),
            ],
        ),
        (
            Both("Opening hours", "開放時間"),
            [
                Ask(
                    "plan",
                    "one",
                    Both("Which of the three would you choose?", "三個方案中，你會選哪一個？"),
                    key=True,
                    background=Both(
                        "A: district libraries to 9 pm from Tuesday to Friday. B: to 7 pm on "
                        "Sundays and public holidays. C: the same hours, and eighteen more "
                        "self-service stations. A and B each need about ninety more staff; C "
                        "needs twelve.",
                        "方案甲：分區圖書館星期二至五開放至晚上9時。方案乙：星期日及公眾假期開放至"
                        "晚上7時。方案丙：開放時間不變，增設十八個自助圖書站。方案甲和乙各需增加"
                        "約九十名人手；方案丙需十二名。",
                    ),
                    options={
                        "a": Both("A: weekday evenings", "方案甲：平日晚上"),
                        "b": Both("B: Sundays and holidays", "方案乙：星期日及假期"),
                        "c": Both("C: self-service stations", "方案丙：自助圖書站"),
                        "none": Both("None of these", "以上都不選"),
                    },
                ),
                Ask(
                    "evening",
                    "scale",
                    Both(
                        "How useful is it to you that libraries open to 9 pm?",
                        "圖書館開放至晚上9時，對你有多大用處？",
                    ),
                    key=True,
                    ends=(Both("Not at all", "完全沒有"), Both("Very", "非常有用")),
                ),
                Ask(
                    "until",
                    "number",
                    Both(
                        "Until what hour would you stay, at the latest?",
                        "你最遲會逗留到幾點？",
                    ),
                    hint=Both("On the 24-hour clock, such as 21.", "以24小時制填寫，例如21。"),
                    when=("evening", "at-least", "4"),
                ),
                Ask(
                    "sunday",
                    "scale",
                    Both(
                        "How useful is it to you that libraries open to 7 pm on Sundays?",
                        "圖書館星期日開放至晚上7時，對你有多大用處？",
                    ),
                    ends=(Both("Not at all", "完全沒有"), Both("Very", "非常有用")),
                ),
            ],
        ),
        (
            Both("What matters", "甚麼最重要"),
            [
                Ask(
                    "trade",
                    "one",
                    Both(
                        "If hours can grow only where others shrink: where would you take them?",
                        "如果加時必須從其他時段抽調，你會減少哪一段？",
                    ),
                    options={
                        "morning": Both("Weekday mornings", "平日早上"),
                        "noon": Both("Around noon", "中午前後"),
                        "none": Both("Nowhere: leave it as it is", "不減：維持現狀"),
                    },
                ),
                Ask(
                    "quiet",
                    "scale",
                    Both(
                        "How easily do you find a quiet seat now?",
                        "現時要找一個安靜座位，有多容易？",
                    ),
                    ends=(Both("Hardly ever", "很難"), Both("Always", "很容易")),
                ),
                Ask(
                    "change",
                    "long",
                    Both("What would you change first?", "你最想先改善甚麼？"),
                    key=True,
                    hint=Both(
                        "No names or telephone numbers, please: this may be published.",
                        "請勿填寫姓名或電話：內容可能會公開。",
                    ),
                ),
            ],
        ),
    ],
)

WRITTEN = [
    Answered(
        "夜更放工都有地方坐低睇書，已經好開心。先試幾間，用數字講嘢。",
        "zh-hant",
        alias="夜更人",
    ),
    Answered(
        "Open the study rooms from the library's own door, so that nobody has to leave at eight.",
        "en",
        alias="Exam year",
    ),
    Answered("請先把座位預約和實際人流公開，再決定加哪一段。", "zh-hant", alias="數據控"),
    Answered("周日开到七点，孩子可以写完作业再回家。", "zh-hans", alias="新手爸爸"),
    Answered(
        "Do not take mornings from the elderly. They have few other warm places.",
        "en",
        alias="Morning walker",
    ),
    Answered(
        "本會會員多在下午五時後才有空。我們支持方案甲，並願意派義工維持秩序。",
        "zh-hant",
        organisation="街坊讀書會（示範）",
    ),
    Answered(
        "Lockers at piers: the last ferry leaves before any library would close.",
        "en",
        alias="Ferry rider",
    ),
    Answered("自助機經常壞，先修好再談增加。", "zh-hant", alias="排隊的人"),
    Answered("圖書館員都要返屋企，請人先加時。", "zh-hant", alias="館員家屬", state="held"),
    Answered(
        "Whoever wrote plan C has never read a book.", "en", alias="Plain speaker", state="withheld"
    ),
    Answered("增加兒童故事時間，父母下班後才有空帶孩子來。", "zh-hant", alias="兩孩媽媽"),
    Answered("希望还书箱可以二十四小时使用。", "zh-hans", alias="跑步的人", state="held"),
    Answered(
        "Our members run three community book corners and would share opening data with you.",
        "en",
        organisation="Harbour Reading Circle (demonstration)",
    ),
    Answered("我在家照顧長者，星期日黃昏才可以出門。", "zh-hant"),
]
