"""What a table is, and the values that several tables hold: an address, a path, a secret, hours of the day."""

from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationInfo,
)

from minyi.errors import ConfigError

_FROM_VARIABLE = "env:"


class Section(BaseModel):
    """A table of the file: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _without_password(value: str) -> str:
    url = TypeAdapter(HttpUrl).validate_python(value)
    if url.username or url.password:
        raise ValueError("网址里不要写用户名和密码：只采集不登录就能看的网页")
    return value


def _from_file(value: Path, info: ValidationInfo) -> Path:
    """A relative path begins where the file lies: an Airflow task runs in a folder of its own."""
    return info.context["folder"] / value if info.context else value


def _from_variable(value: object, info: ValidationInfo) -> object:
    """`env:NAME` stands for that variable's value; without the variable it stays, and `reveal` says so."""
    if not (isinstance(value, str) and value.startswith(_FROM_VARIABLE) and info.context):
        return value
    return info.context["environ"].get(value.removeprefix(_FROM_VARIABLE)) or value


Hour = Annotated[int, Field(ge=0, le=23)]
# From the first hour until the second; a night is written (22, 7).
Hours = tuple[Hour, Hour]
HttpAddress = Annotated[str, AfterValidator(_without_password)]
PathFromFile = Annotated[Path, AfterValidator(_from_file)]
Secret = Annotated[SecretStr, BeforeValidator(_from_variable)]


def reveal(secret: SecretStr) -> str:
    """The secret itself; ConfigError when the variable that holds it is not set."""
    value = secret.get_secret_value()
    if value.startswith(_FROM_VARIABLE):
        raise ConfigError(f"环境变量 {value.removeprefix(_FROM_VARIABLE)} 没有设置，配置里用它存放密码")
    return value
