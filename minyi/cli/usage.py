"""What was wrong with a call, in Chinese: the command line library speaks English only."""

import re
from typing import Any

_SENTENCES = (
    (r"No such command '(.*)'\.?", "没有 {} 这个命令；minyi --help 列出全部命令"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "多出了“{}”；加 --help 查看说明"),
    (r"Option '(.*)' requires an argument\.?", "{} 后面要写值；加 --help 查看说明"),
    (
        r"Invalid value for (.*?): Input should be a valid (?:integer|number).*",
        "{} 应为数字；加 --help 查看说明",
    ),
)
_FALLBACK = "用法不对：{}；加 --help 查看说明"


def usage_words(error: Any) -> str | None:
    """One line for a wrong call, "" when help was shown instead, None when the error is something else."""
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return ""
        case "NoSuchOption":
            return f"没有 {error.option_name} 这个选项；加 --help 查看说明"
        case "MissingParameter":
            return f"缺少 {error.param.metavar or error.param.opts[0]}；加 --help 查看说明"
        case "UsageError" | "BadParameter" | "BadOptionUsage" | "BadArgumentUsage" | "NoSuchCommand":
            return _translate(error.format_message())
    return None


def _translate(message: str) -> str:
    for pattern, chinese in _SENTENCES:
        if found := re.fullmatch(pattern, message):
            return chinese.format(*found.groups())
    return _FALLBACK.format(message)
