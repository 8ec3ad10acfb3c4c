"""Real words for the components page: facts of Hong Kong life, in three languages."""

from typing import Any


def _t(en: str, hant: str, hans: str) -> dict[str, str]:
    return {"en": en, "zh-hant": hant, "zh-hans": hans}


_EPD = _t("Environmental Protection Department", "環境保護署", "环境保护署")
_LCSD = _t("Leisure and Cultural Services Department", "康樂及文化事務署", "康乐及文化事务署")
_TD = _t("Transport Department", "運輸署", "运输署")

SAMPLES: dict[str, Any] = {
    "kept_files": [
        {
            "name": _t("steps at the market.jpg", "街市樓梯.jpg", "街市楼梯.jpg"),
            "what": _t("Picture (JPEG), 1.2 MB", "圖片（JPEG），1.2 MB", "图片（JPEG），1.2 MB"),
            "alt": _t(
                "Steep steps without a handrail beside the wet market.",
                "街市旁沒有扶手的陡斜樓梯。",
                "街市旁没有扶手的陡斜楼梯。",
            ),
        },
        {
            "name": _t("letter of the owners.pdf", "業主立案法團來信.pdf", "业主立案法团来信.pdf"),
            "what": _t("PDF, 340 KB", "PDF，340 KB", "PDF，340 KB"),
        },
    ],
    "words": {
        "home": _t("Home", "主頁", "主页"),
        "consultations": _t("Consultations", "諮詢", "咨询"),
        "opened": _t("Opened", "開始諮詢", "开始咨询"),
        "closed": _t("Closed", "諮詢結束", "咨询结束"),
        "reading": _t("Reading what came in", "整理意見", "整理意见"),
        "answer": _t("Answer", "公布回應", "公布回应"),
        "action": _t("What changes", "落實措施", "落实措施"),
        "late_reason": _t(
            "The department asked for six more weeks to check costs with estates.",
            "部門需多六個星期與屋苑核實成本。",
            "部门需多六个星期与屋苑核实成本。",
        ),
        "rule": _t(
            "2. Personal data of others",
            "2. 他人的個人資料",
            "2. 他人的个人资料",
        ),
        "queue_kind": _t("Comment", "意見", "意见"),
        "notice1": _t(
            "The Environmental Protection Department replied to your comment.",
            "環境保護署回覆了你的意見。",
            "环境保护署回复了你的意见。",
        ),
        "notice2": _t(
            "Library opening hours: the consultation is open until 31 January.",
            "圖書館開放時間：諮詢延長至1月31日。",
            "图书馆开放时间：咨询延长至1月31日。",
        ),
        "waits": _t("Waiting", "待處理", "待处理"),
        "oldest": _t("Oldest", "最早一項", "最早一项"),
        "oldest_value": _t("2 days", "2天前", "2天前"),
        "tonight": _t("Close tonight", "今晚截止", "今晚截止"),
        "key_ref": _t("Reference", "檔號", "档号"),
        "key_name": _t("Display name", "顯示名稱", "显示名称"),
        "change": _t("Change", "更改", "更改"),
        "state": _t("State", "狀態", "状态"),
        "open": _t("Open", "接受意見中", "接受意见中"),
        "empty_title": _t("Nothing closes this week", "本星期沒有諮詢截止", "本星期没有咨询截止"),
        "empty_text": _t(
            "Take your time: what is open now stays open for longer than a week.",
            "慢慢看：現正進行的諮詢，截止日期都在一星期之後。",
            "慢慢看：现正进行的咨询，截止日期都在一星期之后。",
        ),
        "empty_link1": _t("See what is open", "看看現正進行的諮詢", "看看现正进行的咨询"),
        "empty_link2": _t("Be told when something opens", "有新諮詢時通知我", "有新咨询时通知我"),
        "banner": _t(
            "The closing date was moved to 31 January 2027, so that schools can answer.",
            "截止日期延至2027年1月31日，讓學校有時間發表意見。",
            "截止日期延至2027年1月31日，让学校有时间发表意见。",
        ),
        "success": _t("Your comment was received.", "已收到你的意見。", "已收到你的意见。"),
        "caption": _t("Statements by number of votes", "各項說法的表態數目", "各项说法的表态数目"),
        "hero": _t("Say it, and see what becomes of it", "講得出，有回音", "讲得出，有回音"),
        "hero_text": _t(
            "Every consultation of the Government in one place.",
            "政府的公眾諮詢，集中一處。",
            "政府的公众咨询，集中一处。",
        ),
        "emphasis": _t("This is emphasised.", "這裏要強調。", "这里要强调。"),
    },
    "paragraph": _t(
        "Households would buy designated bags in three sizes. A 15-litre bag would cost HK$1.70, "
        "so a family of three would pay about HK$51 a month.",
        "住戶須使用指定垃圾袋，設三種容量。15公升袋每個1.7元，三人家庭每月約付51元。",
        "住户须使用指定垃圾袋，设三种容量。15公升袋每个1.7元，三人家庭每月约付51元。",
    ),
    "cards": [
        {
            "owner": _EPD,
            "title": _t(
                "Charging for household waste: how should it start?",
                "都市固體廢物收費：\u200b應該如何開始？",
                "都市固体废物收费：\u200b应该如何开始？",
            ),
            "summary": _t(
                "Seven proposals on bags, buildings without a caretaker and help for families.",
                "七項建議，包括指定袋、「三無大廈」安排，以及對有需要家庭的支援。",
                "七项建议，包括指定袋、“三无大厦”安排，以及对有需要家庭的支援。",
            ),
        },
        {
            "owner": _LCSD,
            "title": _t(
                "Opening hours of public libraries",
                "公共圖書館\u200b開放時間",
                "公共图书馆\u200b开放时间",
            ),
            "summary": _t(
                "Should 22 libraries open later on weekday evenings?",
                "22間圖書館平日應否開放至更晚？",
                "22间图书馆平日应否开放至更晚？",
            ),
        },
        {
            "owner": _TD,
            "title": _t(
                "Cycle parking at Tai Po Kau and Sham Shui Po",
                "大埔滘及深水埗\u200b單車停泊位",
                "大埔滘及深水埗\u200b单车停泊位",
            ),
            "summary": _t(
                "Where should 1,200 new parking places go?",
                "新增的1,200個泊位應設在哪裏？",
                "新增的1,200个泊位应设在哪里？",
            ),
        },
    ],
    "comments": [
        {
            "name": "阿May",
            "language": "zh-hant",
            "text": "我住三無大廈，無人收集，想知道指定袋放喺邊度先啱？𨋢口已經好窄。",
            "support": 23,
            "support_url": "#comments",
            "reply_url": "#comments",
            "report_url": "#comments",
        },
        {
            "name": "Chan K. W.",
            "language": "en",
            "text": "Start with estates that already sort their waste, then publish the figures "
            "after three months.",
            "support": 8,
            "edited": True,
            "support_url": "#comments",
            "report_url": "#comments",
        },
        {
            "name": "小陈",
            "language": "zh-hans",
            "text": "建议先在新落成的屋邨试行。",
            "support": 2,
            "report_url": "#comments",
        },
        {"name": "", "language": "en", "text": ""},
    ],
    "reply": {
        "name": _EPD,
        "official": True,
        "language": "zh-hant",
        "text": "多謝意見。三無大廈可使用就近的垃圾收集站，名單見第3.4段。",
    },
    "statements": [
        {
            "text": _t(
                "Bags should be sold singly in every convenience store.",
                "便利店\u200b應該\u200b逐個發售\u200b指定袋。",
                "便利店\u200b应该\u200b逐个发售\u200b指定袋。",
            ),
            "agree": 612,
            "disagree": 201,
            "pass": 97,
        },
        {
            "text": _t(
                "The charge should wait until every estate has a recycling point.",
                "每個屋苑\u200b設有回收點之前，\u200b不應收費。",
                "每个屋苑\u200b设有回收点之前，\u200b不应收费。",
            ),
            "agree": 455,
            "disagree": 460,
            "pass": 12,
        },
    ],
    "outcome": {
        "owner": _LCSD,
        "title": _t("Study rooms before the DSE", "文憑試前的自修室", "文凭试前的自修室"),
        "said": _t(
            "Rooms are full by nine in the morning.",
            "自修室早上九時已經爆滿。",
            "自修室早上九时已经爆满。",
        ),
        "did": _t(
            "14 rooms open at seven from March to May.",
            "三月至五月，14間自修室提早至早上七時開放。",
            "三月至五月，14间自修室提早至早上七时开放。",
        ),
    },
    "queue": {
        "name": "lam",
        "language": "zh-hant",
        "text": "我哋大廈管理員嘅電話係［電話號碼］，大家打去投訴佢啦。",
        "engagement": _t("Charging for household waste", "都市固體廢物收費", "都市固体废物收费"),
    },
    "fields": {
        "name": {
            "label": _t("Display name", "顯示名稱", "显示名称"),
            "hint": _t(
                "Shown beside your comment. It need not be your real name.",
                "會顯示在你的意見旁邊，毋須是真實姓名。",
                "会显示在你的意见旁边，毋须是真实姓名。",
            ),
        },
        "email": {"label": _t("E-mail address", "電郵地址", "电邮地址")},
        "text": {
            "label": _t("Your comment", "你的意見", "你的意见"),
            "hint": _t(
                "You can write now and sign in when you send it.",
                "你可以先寫，提交時才登入。",
                "你可以先写，提交时才登入。",
            ),
        },
        "shown": {
            "label": _t("Who may read it?", "誰可以看到？", "谁可以看到？"),
            "choices": {
                "public": _t("Everyone", "所有人", "所有人"),
                "bureau": _t("The department only", "只供部門閱覽", "只供部门阅览"),
            },
        },
        "topics": {
            "label": _t("What is it about?", "關於哪些方面？", "关于哪些方面？"),
            "choices": {
                "cost": _t("Cost", "費用", "费用"),
                "bags": _t("Bags", "垃圾袋", "垃圾袋"),
                "estates": _t("Estates", "屋苑", "屋苑"),
            },
        },
        "district": {
            "label": _t("District", "地區", "地区"),
            "choices": {
                "": _t("Choose a district", "請選擇地區", "请选择地区"),
                "ssp": _t("Sham Shui Po", "深水埗", "深水埗"),
                "kc": _t("Kowloon City (Hung Hom)", "九龍城（紅磡）", "九龙城（红磡）"),
                "ed": _t("Eastern (Quarry Bay)", "東區（鰂魚涌）", "东区（鲗鱼涌）"),
            },
        },
        "day": {
            "label": _t("When did it happen?", "何時發生？", "何时发生？"),
            "hint": _t("For example, 27 3 2026.", "例如2026年3月27日。", "例如2026年3月27日。"),
        },
        "files": {"label": _t("Pictures and documents", "圖片及文件", "图片及文件")},
        "agree": {
            "label": _t(
                "I have read how my personal data is used.",
                "我已閱讀個人資料的用途。",
                "我已阅读个人资料的用途。",
            )
        },
    },
    "shown_hints": {
        "public": _t(
            "With your display name, never your e-mail address.",
            "連同你的顯示名稱，不會顯示電郵地址。",
            "连同你的显示名称，不会显示电邮地址。",
        ),
    },
}
