"""Closing soon, upcoming, overdue, answered, and one that waits for its second officer."""

from .outcomes import HARBOUR_DELAY, PETS_PARTS
from .shapes import Both, Paper, Said

CYCLING = Paper(
    slug="cycle-parking",
    bureau="TD",
    title=Both("Cycle parking at rail stations", "鐵路站的單車泊位"),
    summary=Both(
        "Nearly every rack at the stations of the New Territories is full, and a third of the "
        "bicycles in them are not ridden any more. Should a place be for 24 hours only? "
        "(A demonstration paper.)",
        "新界各鐵路站的單車泊位幾乎全滿，當中三分之一的單車已無人使用。泊位應否限時24小時？（示範文件）",
    ),
    opens=-52,
    closes=3,
    due=59,
    file_number="TD/DEMO/2026/03",
    topics=["transportation"],
    contact=Both(
        "Transport Department\nE-mail: cycling@demo.example", "運輸署\n電郵：cycling@demo.example"
    ),
    chapters=[
        (
            Both("The racks are full", "泊位不足"),
            [
                Both(
                    "At Tai Po Market, Sheung Shui and Tuen Mun there are about three bicycles for "
                    "every two places on a working day.",
                    "在大埔墟、上水和屯門站，平日每兩個泊位約有三輛單車。",
                ),
                Both(
                    "Clearing abandoned bicycles takes a notice of one day and the work of four "
                    "departments.",
                    "清理棄置單車須先張貼通知一天，並由四個部門聯合行動。",
                ),
            ],
        ),
        (
            Both("What could be done", "可行做法"),
            [
                Both(
                    "Places marked in yellow would be for 24 hours. A bicycle left longer would be "
                    "moved to a store, and given back for HK$85.",
                    "黃色標記的泊位限時24小時。逾時停泊的單車會被移走存放，繳付85元可取回。",
                ),
                Both(
                    "Two-level racks would give four places where there are three today.",
                    "改用雙層泊架，三個泊位的地方可變成四個。",
                ),
            ],
        ),
    ],
    statements=[
        Both("24 hours is long enough at a station.", "在車站停泊24小時已經足夠。"),
        Both("Two-level racks are too hard for me to use.", "雙層泊架對我來說太難使用。"),
        Both("Shared bicycles should pay for the places they take.", "共享單車佔用泊位應該付費。"),
    ],
    leaning=[(52, 35), (33, 45), (74, 12)],
    voters=29,
    said=[
        Said(
            "tko",
            "I ride to the station on Friday and fly back on Monday. Please mark some "
            "places for three days.",
            "en",
            on="2.1",
            agree=9,
        ),
        Said(
            "tp",
            "雙層架上層要舉起二十公斤的單車，長者做不到，請保留一半地面泊位。",
            "zh-hant",
            on="2.2",
            agree=10,
        ),
        Said(
            "yl",
            "废弃单车旁边贴通知，一天太短，很多人出差回来车就没了。",
            "zh-hans",
            on="1.2",
            agree=2,
        ),
    ],
)

HARBOUR = Paper(
    slug="harbourfront-shared-space",
    bureau="DEVB",
    title=Both(
        "Design guidelines for shared space on the harbourfront",
        "海濱長廊共享空間設計指引",
    ),
    summary=Both(
        "Walkers, runners, wheelchair users, cyclists and dogs share the promenade. How wide must "
        "it be, and who gives way? (A demonstration paper.)",
        "行人、跑步人士、輪椅使用者、單車和寵物共用海濱長廊：路要多闊，誰應讓誰？（示範文件）",
    ),
    opens=-150,
    closes=-94,
    due=-38,
    file_number="DEVB/DEMO/2026/02",
    topics=["development"],
    contact=Both(
        "Harbour Office, Development Bureau\nE-mail: harbour@demo.example",
        "發展局海港辦事處\n電郵：harbour@demo.example",
    ),
    chapters=[
        (
            Both("Principles", "原則"),
            [
                Both(
                    "The clear width of a promenade should be six metres where it can be, and "
                    "never less than three.",
                    "在可行情況下，海濱長廊的淨闊度應為6米，且不得少於3米。",
                ),
                Both(
                    "Fences along the water should be left out where the fall is small and there "
                    "are steps and lifebuoys.",
                    "如水位落差不大並設有梯級和救生圈，可不設臨水欄杆。",
                ),
            ],
        ),
    ],
    statements=[
        Both(
            "Cyclists should get off where it is less than four metres wide.",
            "路闊少於4米的地方，騎單車人士應下車。",
        ),
        Both("I would rather have shade than width.", "比起路闊，我更想有樹蔭。"),
    ],
    leaning=[(63, 21), (57, 24)],
    voters=33,
    said=[
        Said(
            "cw",
            "中西區海濱有啲位只得兩米幾，跑步嘅人要同BB車爭路。",
            "zh-hant",
            on="1.1",
            agree=14,
        ),
        Said(
            "ytm",
            "No fence works in Copenhagen because people learn to swim at school.",
            "en",
            on="1.2",
            agree=6,
        ),
    ],
    delay=HARBOUR_DELAY,
)

PETS = Paper(
    slug="inclusive-parks-for-pets",
    bureau="LCSD",
    title=Both(
        "Dogs in parks: where, when, and on what lead", "公園與寵物同樂：何處、何時、如何牽引"
    ),
    summary=Both(
        "More parks could let dogs in if those who are afraid of them still feel at ease. We asked "
        "about places, hours and leads. (A demonstration paper.)",
        "如果怕狗的人仍能安心，更多公園可以開放給狗隻。我們就地點、時段和牽引徵詢了意見。（示範文件）",
    ),
    opens=-200,
    closes=-144,
    due=-88,
    file_number="LCSD/DEMO/2026/01",
    topics=["recreation"],
    contact=Both(
        "Leisure and Cultural Services Department\nE-mail: parks@demo.example",
        "康樂及文化事務署\n電郵：parks@demo.example",
    ),
    chapters=[
        (
            Both("What we proposed", "建議"),
            [
                Both(
                    "Forty more parks would let in dogs on a lead of at most two metres.",
                    "多開放四十個公園給狗隻進入，但須以不長於兩米的狗帶牽引。",
                ),
                Both(
                    "Children's playgrounds and lawns for ball games would stay without dogs.",
                    "兒童遊樂場和球類活動草坪繼續不准狗隻進入。",
                ),
            ],
        ),
    ],
    statements=[
        Both(
            "My district needs a park that lets dogs in.", "我住的地區需要一個准許狗隻進入的公園。"
        ),
        Both(
            "There should be hours without dogs in every such park.",
            "每個這類公園都應有不准狗隻進入的時段。",
        ),
    ],
    leaning=[(61, 25), (48, 37)],
    voters=41,
    said=[
        Said(
            "ssp", "怕狗，但如果有固定時段，我可以避開，所以支持。", "zh-hant", on="1.1", agree=13
        ),
        Said(
            "tw",
            "Please put a tap and a bin at each entrance, or the lead rule will be the only "
            "one that is kept.",
            "en",
            on="1.1",
            agree=8,
        ),
        Said("wts", "小孩玩的草地一定不能让狗进去，围栏要够高。", "zh-hans", on="1.2", agree=11),
        Said("sk", "兩米狗帶太短，大狗行得唔舒服，可唔可以三米？", "zh-hant", on="1.1", agree=3),
        Said(
            "np",
            "I come off a night shift at seven. Hours without dogs are fine, but say them at the "
            "gate and keep them.",
            "en",
            agree=9,
        ),
    ],
    outcome=Both(
        "43 parks will open to dogs, three more than proposed, in two steps this year.\n\n"
        "You asked for hours without dogs: each of these parks will have them, from 7 to 9 in the "
        "morning and from 4 to 6 in the afternoon.\n\n"
        "You asked for taps and bins at the entrances: they will be there before a park opens to "
        "dogs. We did not take up longer leads: most who wrote were against.",
        "今年會分兩階段開放43個公園給狗隻進入，比建議多三個。\n\n"
        "大家要求設有不准狗隻進入的時段：這些公園每天早上7時至9時、下午4時至6時都不准狗隻進入。\n\n"
        "大家要求在入口設水龍頭和垃圾桶：開放前會先裝妥。我們沒有採納較長的狗帶，因為多數意見反對。",
    ),
    parts=PETS_PARTS,
)

CAMPING = Paper(
    slug="country-park-campsites",
    bureau="AFCD",
    source="zh-hant",
    title=Both("Booking a place to camp in country parks", "郊野公園營地預約安排"),
    summary=Both(
        "On holidays some campsites hold three times what they were made for. Should tents be "
        "booked, and how? (A demonstration paper.)",
        "假日部分營地的營幕數目達容量三倍。應否預約？如何預約？（示範文件）",
    ),
    opens=9,
    closes=65,
    due=121,
    file_number="AFCD/DEMO/2026/04",
    topics=["environment"],
    contact=Both(
        "Agriculture, Fisheries and Conservation Department\nE-mail: country.parks@demo.example",
        "漁農自然護理署\n電郵：country.parks@demo.example",
    ),
    chapters=[
        (
            Both("What we will ask", "諮詢內容"),
            [
                Both(
                    "Whether five campsites should be booked ahead on Saturdays and holidays.",
                    "星期六和假日使用五個營地，應否預約。",
                ),
                Both(
                    "Whether a place that is not used by six in the evening may go to others.",
                    "傍晚6時仍未使用的營位，可否讓給其他人。",
                ),
            ],
        ),
    ],
    statements=[
        Both("I would pay a small deposit to keep my place.", "我願意付少量按金保留營位。")
    ],
)

GLASS = Paper(
    slug="glass-bottles",
    bureau="EPD",
    title=Both("Giving glass bottles back at shops", "在商店退還玻璃樽"),
    summary=Both(
        "Should shops over 200 square metres take back glass bottles against a deposit of one "
        "dollar? (A demonstration paper.)",
        "面積超過200平方米的商店，應否以一元按金回收玻璃樽？（示範文件）",
    ),
    opens=14,
    closes=70,
    due=126,
    file_number="EPD/DEMO/2026/05",
    topics=["environment"],
    contact=Both(
        "Waste Reduction Group, Environmental Protection Department\nE-mail: waste@demo.example",
        "環境保護署減廢組\n電郵：waste@demo.example",
    ),
    chapters=[
        (
            Both("The proposal", "建議"),
            [
                Both(
                    "A deposit of one dollar would be paid with every glass bottle of a drink.",
                    "每樽玻璃樽裝飲品收取按金一元。",
                ),
                Both(
                    "Larger shops would take bottles back and return the deposit at once.",
                    "較大的商店須收回玻璃樽並即時退還按金。",
                ),
                Both(
                    "Bars and restaurants would be served by a collector.",
                    "酒吧和食肆由回收商定期收集。",
                ),
            ],
        ),
    ],
    statements=[
        Both("One dollar is enough to make me bring a bottle back.", "一元足以令我退還玻璃樽。"),
    ],
    stage="submitted",
)
