"""The house rules as ready reasons. The page that explains them is ``core/about/rules``.

Ids never change meaning: decisions keep them for ever. ``label`` is what a moderator chooses and a
stub shows; ``sentence`` is told to the author and stands in the decision's mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.texts import Text, pick


@dataclass(frozen=True, slots=True)
class Rule:
    """One house rule, in the three languages."""

    id: str
    label: dict[str, str]
    sentence: dict[str, str]

    @property
    def shown(self) -> Text:
        """The label in the active language."""
        return pick(self.label)

    @property
    def told(self) -> Text:
        """The sentence in the active language."""
        return pick(self.sentence)


_ALL = (
    Rule(
        "r1",
        {
            "en": "Abuse or hate",
            "zh-hant": "辱罵或仇恨言論",
            "zh-hans": "辱骂或仇恨言论",
        },
        {
            "en": "Criticise ideas and decisions as sharply as you like; do not insult people or "
            "run down a group.",
            "zh-hant": "可以尖銳批評意見和決定，但不可辱罵他人，也不可貶低任何群體。",
            "zh-hans": "可以尖锐批评意见和决定，但不可辱骂他人，也不可贬低任何群体。",
        },
    ),
    Rule(
        "r2",
        {
            "en": "Personal data of others",
            "zh-hant": "他人的個人資料",
            "zh-hans": "他人的个人资料",
        },
        {
            "en": "Do not publish somebody else's address, telephone or identity card number, "
            "photograph or private life.",
            "zh-hant": "不可公開他人的地址、電話、身份證號碼、相片或私生活。",
            "zh-hans": "不可公开他人的地址、电话、身份证号码、相片或私生活。",
        },
    ),
    Rule(
        "r3",
        {"en": "Off topic", "zh-hant": "與主題無關", "zh-hans": "与主题无关"},
        {
            "en": "Write about the matter that is asked about; other matters have places of "
            "their own.",
            "zh-hant": "請就所諮詢的事項發表意見；其他事項另有渠道。",
            "zh-hans": "请就所咨询的事项发表意见；其他事项另有渠道。",
        },
    ),
    Rule(
        "r4",
        {
            "en": "Advertising or spam",
            "zh-hant": "廣告或濫發訊息",
            "zh-hans": "广告或滥发讯息",
        },
        {
            "en": "No advertising, no links for gain, no text sent in bulk.",
            "zh-hant": "不可賣廣告、張貼圖利的連結或大量濫發內容。",
            "zh-hans": "不可卖广告、张贴图利的连结或大量滥发内容。",
        },
    ),
    Rule(
        "r5",
        {
            "en": "Unlawful or threatening",
            "zh-hant": "違法或恐嚇",
            "zh-hans": "违法或恐吓",
        },
        {
            "en": "Nothing that threatens somebody, calls for a crime or breaks the law by being "
            "published.",
            "zh-hant": "不可恐嚇他人、煽動犯罪，或發表本身已屬違法的內容。",
            "zh-hans": "不可恐吓他人、煽动犯罪，或发表本身已属违法的内容。",
        },
    ),
    Rule(
        "r6",
        {"en": "Impersonation", "zh-hant": "冒認身份", "zh-hans": "冒认身份"},
        {
            "en": "Do not pretend to be another person, a bureau or an office holder.",
            "zh-hant": "不可冒充他人、政府部門或官員。",
            "zh-hans": "不可冒充他人、政府部门或官员。",
        },
    ),
    Rule(
        "r7",
        {
            "en": "Unreadable or a duplicate",
            "zh-hant": "無法閱讀或重複",
            "zh-hans": "无法阅读或重复",
        },
        {
            "en": "Text that cannot be understood, or that the same person has already sent here.",
            "zh-hant": "內容無法理解，或同一人已在此提交過相同內容。",
            "zh-hans": "内容无法理解，或同一人已在此提交过相同内容。",
        },
    ),
)

RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}


def told_to_author(rule_id: str) -> dict[str, str]:
    """Label and sentence of a rule as one text by language, for the author's notice."""
    rule = RULES[rule_id]
    between = {"en": ". ", "zh-hant": "：", "zh-hans": "："}
    return {code: f"{rule.label[code]}{between[code]}{rule.sentence[code]}" for code in rule.label}
