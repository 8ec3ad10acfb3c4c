"""Traditional Chinese as written in Hong Kong, in Simplified characters.

The script changes, never the vocabulary: 巴士, 的士 and 資訊科技 keep their words. Knows nothing of
Django, so that ``scripts/messages`` uses it too.
"""

from functools import lru_cache

from opencc import OpenCC

#: Single characters that the conversion leaves, but that no Simplified text writes so.
_HABITS = (("甚么", "什么"), ("覆核", "复核"), ("覆检", "复检"), ("覆查", "复查"))
_QUOTES = str.maketrans("「」『』", "“”‘’")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("hk2s")


def to_simplified(text: str) -> str:
    """Convert script and quotation marks. A draft: a person reads it before it is relied on."""
    simple = _converter().convert(text)
    for habit, word in _HABITS:
        simple = simple.replace(habit, word)
    return simple.translate(_QUOTES)
