"""What was wrong with a call, in Chinese: the command line library speaks English only."""

import errno
import os
import re
from typing import Any

_SENTENCES = (
    (r"No such command '(.*)'\.?", "没有 {} 这个命令；minyi --help 列出全部命令"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "多出了“{}”；加 --help 查看说明"),
    (r"Option '(.*)' requires an argument\.?", "{} 后面要写值；加 --help 查看说明"),
    (
        r"Invalid value for '?(.*?)'?: Input should be a valid (?:integer|number).*",
        "{} 应为数字；加 --help 查看说明",
    ),
    (
        r"Invalid value for '?(.*?)'?: Input should be less than or equal to (.*)",
        "{} 最大 {}；加 --help 查看说明",
    ),
    (
        r"Invalid value for '?(.*?)'?: Input should be greater than or equal to (.*)",
        "{} 最小 {}；加 --help 查看说明",
    ),
    (r"Invalid value for .*?: [Pp]ath '(.*)' is not readable\.?", "没有权限读 {}；请检查文件的权限"),
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
            what = f"（{error.param.help}）" if error.param.help else ""
            return f"缺少 {error.param.metavar or error.param.opts[0]}{what}；加 --help 查看说明"
        case "UsageError" | "BadParameter" | "BadOptionUsage" | "BadArgumentUsage" | "NoSuchCommand":
            return _translate(error.format_message())
    return None


def _translate(message: str) -> str:
    for pattern, chinese in _SENTENCES:
        if found := re.fullmatch(pattern, message):
            return chinese.format(*found.groups())
    return _FALLBACK.format(message)


def in_chinese(words: str) -> str:
    """The same words with the reasons that system and database give, in English, in Chinese."""
    for number, reason in _REASONS.items():
        words = words.replace(os.strerror(number), reason)
    for said, reason in _DATABASE_REASONS.items():
        words = words.replace(said, reason)
    return words


_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘是只读的",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EEXIST: "已有同名的文件",
    errno.EADDRINUSE: "端口已被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ECONNREFUSED: "连接被拒绝，数据库可能没有启动",
}
_DATABASE_REASONS = {
    "database or disk is full": "磁盘已满",
    "database is locked": "别的命令正在写数据库",
    "attempt to write a readonly database": "数据库文件只能读",
    "unable to open database file": "文件打不开",
    "file is not a database": "这个文件不是数据库",
    "disk I/O error": "读写磁盘出错",
    "database disk image is malformed": "数据库文件已损坏，请从备份恢复",
    "server closed the connection unexpectedly": "数据库断开了连接",
    "terminating connection due to administrator command": "数据库被管理员停下了",
    "the connection is closed": "与数据库的连接断了",
}
