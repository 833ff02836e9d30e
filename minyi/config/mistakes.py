"""What is wrong in the file, in one Chinese line: the key, and the remedy."""

import json
from typing import Any

from pydantic import ValidationError


def say_mistake(error: ValidationError) -> str:
    """The first mistake: where it stands, and what to write."""
    first = error.errors(include_url=False)[0]
    return _key(first["loc"]) + _remedy(first)


def _key(location: tuple[int | str, ...]) -> str:
    named = [part for part in location if part != "[key]"]
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in named]
    key = "".join(parts).lstrip(".")
    return f"{key}：" if key else ""


def _remedy(mistake: Any) -> str:
    value = json.dumps(mistake["input"], ensure_ascii=False, default=str)[:60]
    match mistake["type"]:
        case "extra_forbidden":
            return "不认识这个键，请检查拼写或删去"
        case "missing":
            return "缺少这一项，请补上"
        case "value_error" if "error" in mistake["ctx"]:
            return str(mistake["ctx"]["error"])
        case "value_error":  # pydantic's own, of an address of e-mail alone
            return f"{value} 不是邮箱地址，例如写 office@example.org"
        case "literal_error":
            return f"{value} 不在允许的取值中：{mistake['ctx']['expected'].replace(' or ', '、').replace(', ', '、')}"
        case kind if kind.startswith("url"):
            return f"{value} 不是 http:// 或 https:// 开头的网址"
        case kind:
            return f"{value} 不合要求（{_WANTED.get(kind, mistake['msg'])}）"


_WANTED = {
    "string_type": "应为带引号的文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "path_type": "应为带引号的路径",
    "tuple_type": "应为方括号列表",
    "too_long": "项数太多",
    "dict_type": "应为一张表",
    "model_type": "应为一张表",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_pattern_mismatch": "只用小写字母、数字、横线、下划线",
    "greater_than": "数值太小",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "date_from_datetime_parsing": "应为日期，如 2026-10-01",
}
