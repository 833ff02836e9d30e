"""Sentences and what they are made of; the turns of speech that say nothing of a matter.

The one home of greetings, asides and forms of asking: quotes, demands and rubric share it.
"""

import re
from functools import lru_cache
from typing import Final

_ENDS: Final = re.compile(r"[^。！？!?；;\n…]+[。！？!?；;…]*")

# Said to each other, or in jest.
ASIDE: Final = re.compile(
    r"哈哈|呵呵|嘻嘻|抱抱|\+1|楼主|楼上的?[，,]|沙发|打卡|报名|报数|签到|:[a-z]+:?|:[()D'(]|我妈|我爸|老公|老婆|没事了|"
    r"谢谢(?:关心|各位|大家|提醒|分享|楼主)"
)
# How a letter to an office begins and ends.
GREETING: Final = re.compile(r"^(?:您好|你好|尊敬的|敬爱的|谢谢|感谢领导|此致|敬礼|各位领导|领导)")
# What a clause opens with before it says what is asked.
OPENING: Final = re.compile(
    r"^(?:请问|请教|求问|想问一下|想问问|想问|追问|问一下|问下|咨询一下|我想知道|想知道|有没有人知道|有人知道|谁知道|谁给算算|另外|还有|那么|所以|但是|而且|就是|也|"
    r"有关部门|相关部门|政府|领导|能不能|能否|大家)+"
)
# Asked in scorn: no answer is wanted.
RHETORIC: Final = re.compile(
    "难道|岂|何必|凭什么|有什么用|王法|怎么能|怎么可以|良心|算什么|心平气和|是不是(?:真|又)"
)
# The forms of asking, which tell no question from another.
_FORMS: Final = re.compile(
    r"什么时候|啥时候|何时|几时|为什么|为啥|为何|到底|究竟|有没有|是否|能不能|可不可以|请问|怎么|如何|哪里|哪儿|在哪|希望|建议|公告|还不|没有|吗|呢|了|的|还|有|请|就|都"
)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, trimmed, with their closing marks."""
    return [sentence for found in _ENDS.findall(text) if (sentence := found.strip(" \t　，,、"))]


@lru_cache(maxsize=20_000)
def bigrams(text: str) -> frozenset[str]:
    """The overlapping pairs of letters and characters of a text."""
    plain = re.sub(r"\W+", "", text)
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))


def content_of(wording: str) -> frozenset[str]:
    """The character pairs that say what is asked for, without the forms of asking."""
    return frozenset(pair for part in _FORMS.split(wording) for pair in bigrams(part))
