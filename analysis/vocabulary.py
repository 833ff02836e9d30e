"""Words worth telling: no function words, no numbers, never what may be a person's name."""

import re
from functools import cache
from typing import Final

from pipelines.mask.surnames import is_usual_name
from pipelines.segment import stop_words

_WORD: Final = re.compile(r"[\u4e00-\u9fff]{2,8}")
# What people say in every thread, whatever it is about.
_CHAT: Final = """
    哈哈 哈哈哈 呵呵 谢谢 感谢 支持 楼主 沙发 大家 今天 昨天 明天 今晚 昨晚 现在 时候 早上 晚上 中午 下午 上午
    知道 觉得 希望 还是 就是 没有 可以 不能 应该 真的 出来 起来 一下 一次 一个 两个 几个 不是 说说 看看 事情 问题
    还有 同问 同求 看到 听说 有人 有点 这种 那种 一样 一句 一遍 一份 一张 一条 不了 不到 怎么办 为什么 什么样 直接 收到
"""


def worth_telling(tokens: str) -> list[str]:
    """The different words of a segmented text that may be shown, in its order."""
    return [word for word in dict.fromkeys(tokens.split()) if is_worth_telling(word)]


@cache
def is_worth_telling(word: str) -> bool:
    """Whether a word says something, and nobody's name."""
    if not _WORD.fullmatch(word) or word in _CHAT.split() or word in stop_words():
        return False
    return not is_usual_name(word)
