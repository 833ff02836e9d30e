"""What a post asks for, in the words that say so: few cues, for labels too rare to be learned by n-grams.

Each cue is looked for in the opening (a title, or the first sentence), in the ending and
in the whole text: "请求" in a title is a request, in the middle it may be anything.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_CUES: Final = {
    "asks": "请问|咨询|想问|问一下|问下|是否|能否|可否|如何|怎么办理|什么时候|何时|吗[？?。]|多少|哪里",
    "question": "[？?]",
    "suggests": "建议|希望能|增设|增加|完善|优化|提议|设想|改进|规划",
    "requests": "请求|恳请|恳求|求助|跪求|帮帮|帮助|救救|求领导|做主|解决好|资助|援助|盼|请领导",
    "complains": (
        "投诉|举报|反映|严重|违法|违规|扰民|乱收费|强烈|欺骗|无人管|不作为|黑|拒不|霸占|何在|谁来管|查处|严惩"
    ),
    "demands": "希望|望|恳请|请.{0,8}(?:处理|解决|查处|核实)",
    "thanks": "感[谢恩]|谢谢?|蟹蟹|点赞|赞",
    "praises": (
        "表扬|好样|点赞|致敬|给力|\\[(?:good|赞|威武)\\]|满意|贴心|热心|真好|很好|太好|好棒|真棒|支持|加油|打call|"
        "好帅|好看|可爱|伟大|厉害|大神|犀利|漂亮|佩服|崇拜"
    ),
    "suffers": "困难|贫困|无助|走投无路|无奈|患|白血病|残疾|低保|生活困|危房|苦|艰|渴望|盼望|迫切|急切",
    "smiles": (
        "\\[(?:嘻嘻|哈哈|爱你|鼓掌|心|鲜花|good|赞|威武|给力|可爱|花心|太开心|ok|耶|亲亲|抱抱|握手|笑脸|呲牙|玫瑰)\\]"
    ),
    "frowns": (
        "\\[(?:怒|抓狂|泪|衰|鄙视|吐|汗|晕|弱|可怜|悲伤|失望|生病|哼|怒骂|伤心|蜡烛|黑线|吐血|悲催|委屈)\\]"
    ),
    "smiley": "\\[em\\]",
    "exclaims": "[！!]",
    "mentions": "@",
    "leaders": "书记|领导|市长|县长|部门",
    "denies": "[不没无]",
    "greets": "您好|你好|尊敬",
}
_PATTERNS: Final = [re.compile(pattern) for pattern in _CUES.values()]
# Single characters a text counts by itself, several times as fast as a pattern does.
_SIGNS: Final = [cue.strip("[]") if re.fullmatch(r"\[[^]\\]+\]|.", cue) else "" for cue in _CUES.values()]
_OPENING = re.compile(r".{3,60}?[。！？!?\n]", re.DOTALL)
_LENGTHS = np.array([20, 60, 150])
_WHOLE = 3_000
_MOST = 6
_NOWHERE = (0.0, 0.0, 0.0)

COUNT: Final = 3 * len(_CUES) + 1 + len(_LENGTHS)


def find_cues(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """One row a text: each cue in its opening, its ending and throughout, then how long it is."""
    heads = [text[:_WHOLE] for text in texts]
    cues = np.array([_cues_of(head) for head in heads]).reshape(len(heads), 3 * len(_CUES))
    lengths = np.array([[len(head)] for head in heads], np.int64).reshape(len(heads), 1)
    return np.hstack([cues, np.log1p(lengths) / 4, lengths < _LENGTHS]).astype(np.float32)


def _cues_of(text: str) -> list[float]:
    opening, ending = opening_of(text), text[-50:]
    cues: list[float] = []
    for pattern, signs in zip(_PATTERNS, _SIGNS, strict=True):
        if found := sum(map(text.count, signs)) if signs else len(pattern.findall(text)):
            begins, ends = pattern.search(opening), pattern.search(ending)
            cues += (begins is not None, ends is not None, 2 * min(found, _MOST) / _MOST)
        else:
            cues += _NOWHERE
    return cues


def opening_of(text: str) -> str:
    """The title or first sentence, 60 characters where there is none."""
    found = _OPENING.match(text)
    return found[0] if found else text[:60]
