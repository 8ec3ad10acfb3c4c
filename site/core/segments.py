"""Words of a Chinese title, so that a line never ends inside one (ux.md 1.8, trap 1).

The dictionary is Simplified, so a copy is looked at that was folded character by character: places
in it are places in the title. What the dictionary leaves as single characters is joined to its
neighbour: better a break too few than one inside a word. The dictionary takes a tenth of a second
to load and is loaded when a title is first saved, never for a reader.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from core.fold import fold_characters

if TYPE_CHECKING:
    from rjieba import Jieba

#: Between words of a stored title. It is never part of the title itself.
MARK = "\u200b"
#: Places and things of Hong Kong that the dictionary does not know, in its own script.
_LOCAL = """
深水埗 鲗鱼涌 红磡 红磡湾 大埔滘 鸭脷洲 葵涌 葵芳 荃湾 屯门 元朗 天水围
将军澳 西贡 沙田 马鞍山 观塘 黄大仙 油麻地 旺角 尖沙咀 湾仔 铜锣湾 筲箕湾
柴湾 薄扶林 赤鱲角 东涌 大屿山 长洲 坪洲 南丫岛 启德 石硖尾 调景岭 牛头角
茶果岭 鲤鱼门 土瓜湾 何文田 九龙城 九龙塘 钻石山 慈云山 新蒲岗 荔枝角 长沙湾
美孚 青衣 马湾 粉岭 上水 古洞 洪水桥 街市 升降机 行人路 行人天桥 的士 小巴
渡轮 厨余 按袋 自修室 街坊 区议会 立法会 公屋 居屋 屋邨 屋苑 唐楼 劏房 食肆
大牌档 冷气 单车 单车径 巴士 巴士站 电车 港铁 轻铁 垃圾站 回收桶 长者 安老院
幼稚园 社福 一站式 为甚么 为什么
"""
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+")
#: Single characters that belong to what follows; any other belongs to what stands before.
_FORWARD = set(
    fold_characters(
        "至及和與或在於由向按為以把被對就將從到第新舊大小各每全本該此不再更最可要應讓請"
    )
)
_NUMBERS = re.compile("^[0-9〇零一二三四五六七八九十百千萬万两兩第]+$")
_LONGEST = 6


@lru_cache(maxsize=1)
def _dictionary() -> Jieba:
    from rjieba import Jieba

    dictionary = Jieba()
    for word in _LOCAL.split():
        dictionary.add_word(fold_characters(word), None, None)
    return dictionary


def has_chinese(text: str) -> bool:
    """Whether anything in the text is to be divided into words."""
    return bool(_RUN.search(text))


def mark_words(text: str) -> str:
    """The text with ``MARK`` wherever a line may end inside a run of Chinese characters.

    Words of other scripts, spaces and punctuation are left as they are. Without the marks it is
    the text again; marks that were in it are taken for nothing.
    """
    return _RUN.sub(lambda run: MARK.join(_words(run.group())), text.replace(MARK, ""))


def _words(run: str) -> list[str]:
    """The words of a run of Chinese characters, in its own script."""
    pieces = []
    place = 0
    for word in _dictionary().cut(fold_characters(run)):
        pieces.append(run[place : place + len(word)])
        place += len(word)
    return _joined(pieces)


def _joined(pieces: list[str]) -> list[str]:
    """Single characters and numbers joined to the word they belong to."""
    words: list[str] = []
    open_end = False
    for piece in pieces:
        single = len(piece) == 1
        forward = single and fold_characters(piece) in _FORWARD
        joins = bool(words) and (open_end or (single and not forward and len(words[-1]) < _LONGEST))
        if joins:
            words[-1] += piece
        else:
            words.append(piece)
        # A number waits for what it counts.
        open_end = (forward or bool(_NUMBERS.match(piece))) and len(words[-1]) < _LONGEST
    return words
