"""Words that ask rather than name: a document that answers seldom holds them.

Folded as texts are (``core.fold``), since that is what they are looked for in. They do not count
when documents are ranked; a query of nothing else keeps them.
"""

import re

from core.fold import fold

#: What a question in Chinese is asked with. The longest that fits is taken.
_ASKING = """
什麼 甚麼 為什麼 為甚麼 是什麼 是甚麼 什麼時候 甚麼時候 什麼樣 為何 如何 何時
何地 何處 何人 何者 何種 何年 何月 何日 何國 何事 何物 何以 何故 何謂 因何
哪 哪些 哪個 哪一 哪一個 哪一年 哪一位 哪一種 哪裡 哪裏 哪兒 哪位 哪種 哪年
哪國 哪幾 哪座 哪項 哪天 哪本 哪家 哪部 哪間 是誰 誰 多少 多久 多大 多長
多高 多遠 多重 多深 幾個 幾年 幾月 幾日 幾次 幾人 幾歲 幾位 幾種 幾時 幾多
幾天 幾名 幾度 幾點 嗎 呢 是否 有何 有哪些 請問 下列 點解 點樣 乜嘢 邊個
邊度 邊間 邊位 邊啲 咩 怎麼 怎樣
""".split()  # noqa: SIM905 - a text reads better than a list of its words
ASKING = re.compile(
    "|".join(sorted({re.escape(fold(word)) for word in _ASKING}, key=lambda w: (-len(w), w)))
)

#: Stemmed, as ``search.analysis`` leaves them.
FUNCTION_WORDS = frozenset(
    """
    a an and are as at be been by can could did do doe for from had has have how i if in into is it
    me my of on or our she should so than that the their them then there these they this those
    to us was we were what when where which who whom whose whi will with would you your
    """.split()  # noqa: SIM905 - a text reads better than a list of its words
)

#: With what an opinion begins in Chinese. Two texts are not alike for beginning so.
_SAYING = """
我覺得 我認為 個人認為 我希望 我建議 我同意 我贊成 覺得 認為 希望 建議 應該要 應該 應當
必須 可以 需要
""".split()  # noqa: SIM905 - a text reads better than a list of its words
SAYING = re.compile(
    "|".join(sorted({re.escape(fold(word)) for word in _SAYING}, key=lambda w: (-len(w), w)))
)
#: The same in English, stemmed.
SAYING_WORDS = frozenset("agre believ feel like need opinion pleas suggest think want".split())  # noqa: SIM905
