"""EPD: municipal solid waste charging. Open, with statements."""

from .shapes import Both, Paper, Said, Table

WASTE = Paper(
    slug="waste-charging",
    bureau="EPD",
    title=Both(
        "Paying for what we throw away: how municipal solid waste charging should work",
        "垃圾按量收費：都市固體廢物收費應如何推行",
    ),
    summary=Both(
        "If waste charging is taken up again, how should it work in buildings without management, "
        "in restaurants and in homes with little money? We ask about bags, labels, help for "
        "households, and recycling near home. (A demonstration paper.)",
        "假如重新推行都市固體廢物收費，在「三無大廈」、食肆和基層家庭應怎樣做才可行？"
        "我們就指定袋、指定標籤、對家庭的支援和就近回收徵詢你的意見。（示範文件）",
    ),
    opens=-16,
    closes=40,
    due=96,
    file_number="EPD/DEMO/2026/01",
    topics=["environment"],
    contact=Both(
        "Waste Reduction Group, Environmental Protection Department\nE-mail: waste@demo.example",
        "環境保護署減廢組\n電郵：waste@demo.example",
    ),
    key_dates=[
        (12, Both("Public forum, Sham Shui Po", "公眾論壇（深水埗）")),
        (26, Both("Public forum, Tuen Mun", "公眾論壇（屯門）")),
    ],
    chapters=[
        (
            Both("Why we ask", "為何諮詢"),
            [
                Both(
                    "Hong Kong sends more than 10,000 tonnes of municipal solid waste to its "
                    "landfills every day. Food waste is about three tenths of it, paper about a "
                    "fifth and plastics about a fifth.",
                    "香港每天棄置於堆填區的都市固體廢物超過一萬公噸，其中約三成是廚餘，"
                    "廢紙和廢塑膠各約佔兩成。",
                ),
                Both(
                    "The law for waste charging was passed in August 2021. Its start was put off, "
                    "and in May 2024 the Government said that it would not begin on 1 August 2024, "
                    "after a trial in fourteen places showed what was hard: buildings without "
                    "management, restaurants, and the extra work for cleaners.",
                    "都市固體廢物收費的法例於2021年8月通過，其後延期實施。政府在十四個處所試行後，"
                    "於2024年5月宣布暫緩執行，不會於2024年8月1日實施。試行顯示困難在於"
                    "「三無大廈」、食肆，以及清潔工人額外的工作。",
                ),
                Both(
                    "Taipei and Seoul have charged by volume for more than twenty years. In both, "
                    "what people threw away fell by well over a quarter once recycling was easy to "
                    "reach.",
                    "台北和首爾按量收費已逾二十年。回收變得方便之後，兩地市民棄置的垃圾都減少了超過四分之一。",
                ),
            ],
        ),
        (
            Both("What is proposed", "建議"),
            [
                Both(
                    "Waste from homes and shops would go in designated bags at 11 cents a litre. A "
                    "15-litre bag would cost HK$1.7; a household that uses one a day would pay "
                    "about HK$51 a month.",
                    "住戶和商舖的垃圾須放入指定袋，每公升收費0.11元。一個15公升的袋售1.7元；"
                    "每天用一個的家庭每月約付51元。",
                ),
                Both(
                    "A large thing that does not fit into a bag, such as a chair, would need a "
                    "designated label at HK$11.",
                    "椅子等放不進指定袋的大型垃圾，須貼上每個11元的指定標籤。",
                ),
                Both(
                    "In buildings without owners' corporation, residents' organisation or "
                    "management, charging would begin a year later than elsewhere, and only once a "
                    "collection point with recycling is within 200 metres.",
                    "沒有業主立案法團、居民組織或物業管理的「三無大廈」，收費會較其他處所遲一年開始，"
                    "而且必須先在200米內設有垃圾及回收收集點。",
                ),
                Both(
                    "Households that receive Comprehensive Social Security Assistance would get an "
                    "additional HK$10 a person each month.",
                    "領取綜合社會保障援助的住戶，每人每月可額外獲發10元。",
                ),
            ],
        ),
        (
            Both("Recycling near home", "就近回收"),
            [
                Both(
                    "A GREEN@COMMUNITY point or a smart bin would be within ten minutes' walk of "
                    "nine homes out of ten before charging begins.",
                    "在收費開始前，九成住戶步行十分鐘內會有「綠在區區」回收點或智能回收桶。",
                ),
                Both(
                    "Every public housing estate would have food-waste bins that open with a card "
                    "and give points; private estates could join at no cost for two years.",
                    "每個公共屋邨設有以積分卡開啟的廚餘智能回收桶；私人屋苑可免費參加兩年。",
                ),
                Both(
                    "Restaurants could hand food waste to a collector free of charge if they sort "
                    "it. What is left would be charged by weight at the gate.",
                    "食肆如把廚餘分類，可免費交由回收商收集；餘下的垃圾須按重量繳付「入閘費」。",
                ),
            ],
        ),
    ],
    tables=[
        Table(
            after="2.1",
            caption=Both("What some designated bags would cost", "部分指定袋的建議售價"),
            cells=Both(
                "Size of the bag|Price each|One a day, for a month\n"
                "10 litres|HK$1.1|HK$33\n"
                "15 litres|HK$1.7|HK$51\n"
                "20 litres|HK$2.2|HK$66\n"
                "35 litres|HK$3.9|HK$117\n"
                "50 litres|HK$5.5|HK$165",
                "指定袋容量|每個售價|每天用一個，每月約付\n"
                "10公升|1.1元|33元\n"
                "15公升|1.7元|51元\n"
                "20公升|2.2元|66元\n"
                "35公升|3.9元|117元\n"
                "50公升|5.5元|165元",
            ),
        ),
    ],
    cover=Both(
        "Five designated bags, from small to large, in a street",
        "街上由小至大排列的五個指定袋",
    ),
    statements=[
        Both(
            "People who throw away more should pay more.",
            "棄置得多的人應該付得多。",
        ),
        Both(
            "Charging should not begin before recycling is easy to reach from every home.",
            "在每戶都能方便回收之前，不應開始收費。",
        ),
        Both(
            "Restaurants should be charged before homes are.",
            "應先向食肆收費，然後才到住戶。",
        ),
        Both(
            "The fee should be part of the rates rather than a bag that one has to buy.",
            "費用應納入差餉，而不是要市民購買垃圾袋。",
        ),
        Both(
            "Cleaners should be paid more for the extra work that charging brings them.",
            "收費令清潔工人工作增加，應加薪補償。",
        ),
        Both(
            "Excess packaging should be dealt with before households are charged.",
            "應先處理過度包裝，才向住戶收費。",
        ),
        Both(
            "HK$51 a month is too much for a family of four.",
            "四人家庭每月付51元太多了。",
        ),
        Both(
            "Those who use no designated bag should be fined from the first day.",
            "由實施首日起，就應向不使用指定袋的人罰款。",
        ),
    ],
    leaning=[(58, 27), (81, 9), (44, 38), (40, 47), (77, 10), (72, 14), (46, 39), (21, 66)],
    voters=64,
    said=[
        Said(
            "kc",
            "我做清潔十幾年，試行嗰陣啲人將垃圾掉喺後樓梯，最後都係我哋執。"
            "收費可以，但要講清楚多咗嘅工夫邊個包。",
            "zh-hant",
            on="1.2",
            agree=9,
            reply=Both(
                "Thank you. Paragraph 2.3 delays charging in buildings without management. Next we "
                "will estimate what the extra collection rounds cost, and publish the estimate.",
                "多謝你的意見。第2.3段建議「三無大廈」較遲開始收費。下一步我們會估算額外收集的成本，並公布結果。",
            ),
        ),
        Said(
            "tw",
            "Our building has eleven floors, no lift and no management. The nearest recycling "
            "point is across a six-lane road. Two hundred metres on a map is not two hundred "
            "metres with a bag of bottles.",
            "en",
            on="2.3",
            agree=12,
        ),
        Said(
            "ssp",
            "劏房一家四口，垃圾唔多，但每日都要掉，因為冇地方放。15公升太大，可唔可以有3公升袋？",
            "zh-hant",
            on="2.1",
            agree=7,
        ),
        Said(
            "yl",
            "开小餐馆的最怕成本再加。免费收厨余是好事，但收集时间要配合打烊以后，不能中午最忙的时候来。",
            "zh-hans",
            on="3.3",
            agree=4,
        ),
        Said(
            "tp",
            "台北當年先有垃圾車定時收集，市民養成習慣，才收費。次序很重要。",
            "zh-hant",
            on="1.3",
            agree=6,
        ),
        Said(
            "np",
            "Please think of carers. Adult nappies are most of what our family throws away, and "
            "nobody chooses them.",
            "en",
            on="2.4",
            agree=15,
        ),
        Said(
            "ytm",
            "Ten minutes' walk is fine if the point is open after nine at night.",
            "en",
            on="3.1",
            agree=3,
        ),
        Said(
            "st",
            "智能桶成日爆滿冇人清，開始收費之前，請先公布每日清幾多次。",
            "zh-hant",
            on="3.2",
            agree=5,
        ),
        Said("citizen", "Publish the results of the fourteen trial places in full.", "en", agree=8),
        Said("wts", "希望有简体和其他语言的说明，楼下公告只有英文和繁体。", "zh-hans", agree=2),
        Said("cw", "支持按量收費，但首半年請以提醒代替罰款。", "zh-hant", agree=4),
        Said(
            "tm",
            "學校可以做回收點，但唔好要老師負責。",
            "zh-hant",
            on="3.1",
            state="held",
        ),
        Said(
            "ti",
            "The caretaker of our block, [flat and telephone number], takes old furniture away "
            "for half the price of a label.",
            "en",
            on="2.2",
            state="held",
        ),
        Said(
            "sk",
            "郊遊徑的垃圾箱已移走，行山人早已習慣帶走垃圾；城市也做得到。",
            "zh-hant",
            state="held",
        ),
        Said(
            "citizen2",
            "我是物業管理員，不想公開姓名：試行期間管理公司要求我們自掏腰包買袋。",
            "zh-hant",
            on="1.2",
            state="confidential",
        ),
    ],
    proposed=[
        ("tko", "Cafes should give a discount to whoever brings a cup.", "en"),
        ("ssp", "指定袋應該可以當購物袋用。", "zh-hant"),
    ],
)
