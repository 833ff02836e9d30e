"""Help in Chinese: the command line library speaks English only."""

from collections.abc import Callable
from functools import partial
from typing import Any

from typer.core import TyperCommand, TyperGroup

# What an option takes; a switch takes nothing.
_TYPES = {
    **dict.fromkeys(("<str>", "<list[str]>"), "<文字>"),
    **dict.fromkeys(("<int>", "<int range>", "<list[int]>", "<float>"), "<数字>"),
    "<path>": "<路径>",
    "<bool>": None,
}


def _help_words_in_chinese(command: Any, ctx: Any) -> None:
    """Called when help is asked for: what draws it takes longer to import than all else here."""
    from typer import rich_utils

    rich_utils.DEFAULT_STRING = "[默认 {}]"
    rich_utils.REQUIRED_LONG_STRING = "[必写]"
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令（按工作的先后）"
    for param in command.get_params(ctx):
        param.display_type_rich = partial(_type_in_chinese, param.display_type_rich)


def _type_in_chinese(shown: Callable[[Any], str | None], ctx: Any) -> str | None:
    english = shown(ctx)
    return _TYPES.get(english, english) if english else english


def _in_chinese(usage: str) -> str:
    for english, chinese in (("Usage: ", "用法："), ("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 …")):
        usage = usage.replace(english, chinese)
    return usage


def _help_in_chinese(option: Any) -> Any:
    if option is not None:
        option.help = "显示这段说明"
    return option


class _InChinese:
    """What commands and groups have in common, before a class of the library's."""

    def get_usage(self, ctx: Any) -> str:
        library: Any = super()
        return _in_chinese(library.get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        library: Any = super()
        return _help_in_chinese(library.get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _help_words_in_chinese(self, ctx)
        library: Any = super()
        library.format_help(ctx, formatter)


class Command(_InChinese, TyperCommand):
    """A command whose help is in Chinese."""


class Group(_InChinese, TyperGroup):
    """A group of commands, likewise."""
