"""Which questions may be counted at all: never one that could name somebody.

Left out is whatever looks like an e-mail address, a web address, a telephone, identity card or
other long number, a code, or a sentence. It is better to leave out too much: whoever reads the
counts looks for what many ask.
"""

from __future__ import annotations

import re
import unicodedata

from core.fold import fold

#: Longer questions are sentences, and sentences tell of people.
LONGEST = 60
#: A digit after digit, whatever stands between them: an identity card has six and a letter.
MOST_DIGITS = 5
_ADDRESS = re.compile(r"@|://|\bwww\b|[\w-]\.[a-z]{2,}", re.IGNORECASE)
_WRITTEN = re.compile(r"[^\W_]")
_BETWEEN = re.compile(r"(?<=\d)[^\w]{1,3}(?=\d)")
_DIGITS = re.compile(r"\d+")
#: 2025-26 and 2025/26, as financial years are written.
_YEARS = re.compile(r"(?<!\d)(?<!\d[^\w])20(\d\d)[-/–](\d\d)(?![^\w]?\d)")
_CHINESE_DIGITS = str.maketrans(
    "〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖", "000123456789123456789"
)
#: Letters and digits through each other, as receipts and vouchers have.
_CODE = re.compile(r"(?=[a-z\d-]{8})[a-z-]*\d[\d-]*[a-z][a-z-]*\d", re.IGNORECASE)


def countable(text: str) -> tuple[str, str] | None:
    """A question in the form it is counted by, and in the one it is shown in; None for none.

    The first is folded, so that it is one question in any script, width and case.
    """
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    folded = fold(words)
    too_long = len(words) > LONGEST or len(folded) > 2 * LONGEST
    if too_long or not _WRITTEN.search(folded) or _may_name_somebody(folded):
        return None
    return folded, words


def _may_name_somebody(folded: str) -> bool:
    if _ADDRESS.search(folded) or _CODE.search(folded):
        return True
    plain = _YEARS.sub(_two_years, folded.translate(_CHINESE_DIGITS))
    joined = _BETWEEN.sub("", plain)
    return any(len(run) > MOST_DIGITS for run in _DIGITS.findall(joined))


def _two_years(match: re.Match[str]) -> str:
    following = (int(match[1]) + 1) % 100
    return " " if int(match[2]) == following else match[0]
