"""Texts that belong together, a title with its thread's posts: who is named in one is masked in all."""

import re
from collections.abc import Iterator, Mapping

from pipelines.mask.surnames import PLACE_FOLLOWS, is_usual_name

_LEAST_NUMBER = 5  # shorter ones, of doors, are parts of other numbers
# Words as well as names: masked where they stand as a name, not wherever the thread has them.
_WORDS = frozenset(
    [
        "卓越",
        "孙子",
        "许可",
        "高明",
        "高兴",
        "方便",
        "方圆",
        "平安",
        "安康",
        "安宁",
        "温馨",
        "温暖",
        "文明",
        "文静",
        "明白",
        "常青",
        "长青",
        "金桥",
        "银华",
        "江南",
        "江山",
        "和平",
        "和谐",
        "和美",
        "华丽",
        "康乐",
        "康健",
        "程序",
        "成长",
        "成功",
        "向阳",
        "向上",
        "向往",
        "严肃",
        "严明",
        "严格",
        "关心",
        "关爱",
        "关注",
        "万物",
        "万家",
        "万达",
        "万科",
        "万事",
        "时尚",
        "时代",
        "时光",
        "时刻",
        "水平",
        "白云",
        "白天",
        "牛年",
        "马路",
        "石头",
        "花园",
        "花城",
    ]
)
_MASKED = re.compile("〔[^〕]*〕")
_ONE_OF_MANY = re.compile(r"[某×＊*Xx〔〕]")  # 李某 tells itself wherever it stands


def is_telling(secret: str, kind: str) -> bool:
    """Whether what was found in one text can be found by itself in another."""
    if kind != "姓名":
        return len(secret) >= _LEAST_NUMBER
    return len(secret) >= 2 and secret not in _WORDS and not _ONE_OF_MANY.search(secret)


def mask_known(text: str, secrets: Mapping[str, str]) -> str:
    """The text with each of the secrets, which are given with their kinds, masked where it stands."""
    for secret, kind in sorted(secrets.items(), key=lambda item: (-len(item[0]), item[0])):
        for start in reversed(list(_places(text, secret))):
            text = f"{text[:start]}〔{kind}〕{text[start + len(secret) :]}"
    return text


def _places(text: str, secret: str) -> Iterator[int]:
    start = text.find(secret)
    while start >= 0:
        end = start + len(secret)
        if len(secret) > 2 or _is_name_here(text, start, end):
            yield start
        start = text.find(secret, end)


def _is_name_here(text: str, start: int, end: int) -> bool:
    """Two characters are part of other words as well: 高明 stands in 高明区."""
    name = text[start:end]
    if PLACE_FOLLOWS.match(text, end) or text[end : end + 1] in ("区", "省", "州"):
        return False
    return name[0] in "老小阿" or is_usual_name(name, text[start : end + 2])


def is_masked_from(masked: str, text: str) -> bool:
    """Whether the one is the other, masked further."""
    first, *parts = _MASKED.split(masked)
    if not parts or masked == text or not text.startswith(first):
        return False
    position = len(first)
    for part in parts[
        :-1
    ]:  # looked for from left to right, not by a pattern: residents may write 〔〕 a hundred times
        found = text.find(part, position + 1)
        if found < 0:
            return False
        position = found + len(part)
    return text.endswith(parts[-1]) and len(text) - len(parts[-1]) > position
