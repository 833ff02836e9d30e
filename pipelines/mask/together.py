"""Texts that belong together, a title with its thread's posts: who is named in one is masked in all."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pipelines.mask.surnames import PLACE_FOLLOWS, is_usual_name

_LEAST_NAME = 2
_LEAST_NUMBER = 5  # shorter ones, of doors, are parts of other numbers
_MANY = 100
# Words as well as names: masked where they stand as a name, not wherever the thread has them.
_WORDS = frozenset(
    re.findall(
        "..",
        "卓越孙子许可高明高兴方便方圆平安安康安宁温馨温暖文明文静明白常青长青金桥银华江南江山和平和谐和美华丽康乐康健程序"
        "成长成功向阳向上向往严肃严明严格关心关爱关注万物万家万达万科万事时尚时代时光时刻水平白云白天牛年马路石头花园花城",
    )
)
TOKEN = re.compile(
    r"〔(?:手机号|固定电话|身份证号|银行卡号|车牌号|邮箱|QQ号|微信号|账号|证件号|姓名|门牌号)〕"
)
# A mask covers 1 to 64 characters: where more stands in its place, a resident has rewritten the text.
_UP_TO_LONGEST = (1, 2, 4, 8, 16, 32)
_ONE_OF_MANY = re.compile(r"[某×＊*Xx〔〕]")  # 李某 tells itself wherever it stands


def is_telling(secret: str, kind: str) -> bool:
    """Whether what was found in one text can be found by itself in another."""
    if kind != "姓名":
        return len(secret) >= _LEAST_NUMBER
    return len(secret) >= _LEAST_NAME and secret not in _WORDS and not _ONE_OF_MANY.search(secret)


def mask_known(text: str, secrets: Mapping[str, str]) -> str:
    """The text with each of the secrets, which are given with their kinds, masked where it stands."""
    held = [secret for secret in _begun_in(text, secrets) if secret in text]
    for secret in sorted(held, key=lambda secret: (-len(secret), secret)):
        for start in reversed(list(_places(text, secret))):
            text = f"{text[:start]}〔{secrets[secret]}〕{text[start + len(secret) :]}"
    return text


def _begun_in(text: str, secrets: Mapping[str, str]) -> Iterable[str]:
    """Those of many secrets whose beginning stands in the text: a thread full of numbers has a million."""
    if len(secrets) < _MANY:
        return secrets
    sizes = (_LEAST_NAME, _LEAST_NUMBER)
    begins = {text[start : start + size] for size in sizes for start in range(len(text))}
    return [secret for secret in secrets if secret[: sizes[len(secret) >= _LEAST_NUMBER]] in begins]


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
    """Whether the one is the other, masked further: what residents write in such brackets, 〔2024〕15号, is no mask."""
    first, *parts = TOKEN.split(masked)
    if not parts or masked == text or not text.startswith(first):
        return False
    begins = {part: _begins(text, part) for part in set(parts)}
    places = 1 << len(first)  # bit n: the text up to its n-th character may be what the masked one has so far
    for part in parts:
        for step in _UP_TO_LONGEST:
            places |= places << step
        places = (places << 1 & begins[part]) << len(part)
    return bool(places >> len(text) & 1)


def _begins(text: str, part: str) -> int:
    """Bit n: the part begins at the n-th character."""
    binary = bytearray(b"0" * (len(text) + 1))
    start = text.find(part)
    while start >= 0:
        binary[-1 - start] = ord("1")
        start = text.find(part, start + 1)
    return int(binary, 2)
