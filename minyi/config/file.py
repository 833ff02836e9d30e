"""Reading the file, and what the environment sets in its place."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from minyi import DEFAULT_FILE
from minyi.config.mistakes import say_mistake
from minyi.config.whole import Config
from minyi.errors import ConfigError

_FROM_ENVIRONMENT = {
    "MINYI_DATA_DIR": "data_dir",
    "MINYI_DATABASE_URL": "database_url",
    "MINYI_AUTHOR_KEY_FILE": "author_key_file",
    "MINYI_STAFF": "staff",
}


def config_file(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The file to read: `path`, else $MINYI_CONFIG, else ./minyi.toml."""
    return path or Path(environ.get("MINYI_CONFIG", DEFAULT_FILE))


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read and validate the configuration in that file."""
    file = config_file(path, environ)
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"找不到配置文件 {file}；请先运行 minyi init，或用 --config 指明") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} 不是有效的 TOML（{error}）") from error
    except OSError as error:
        raise ConfigError(f"读不了配置文件 {file}：{error.strerror}") from error
    overrides = {key: environ[name] for name, key in _FROM_ENVIRONMENT.items() if environ.get(name)}
    return parse_config(settings | overrides, file, environ)


def plain_config() -> Config:
    """What a table is read with where no office is configured: no places or words of its own, China's time."""
    return parse_config({"office": {"name": "未配置", "contact": "未配置"}}, Path(DEFAULT_FILE), {})


def parse_config(settings: dict[str, Any], file: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Validate settings; the first mistake is raised as a ConfigError of one line."""
    try:
        return Config.model_validate(settings, context={"folder": file.absolute().parent, "environ": environ})
    except ValidationError as error:
        raise ConfigError(f"{file}：{say_mistake(error)}") from error
