"""What is well and what is not on this machine, each with the remedy.  A check that fails is a finding."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Any

from minyi.config import reveal
from minyi.doctor_airflow import look_at_airflow
from minyi.errors import MinyiError
from minyi.finding import Finding
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Engine

LEAST_FREE = 1_000_000_000
MOST_SKEW = 60.0
SHOWN_WORDS = 5
PATIENCE_SECONDS = 5
_MASK_AGAIN = "请运行 minyi mask --stored（先加 --dry-run 看会改多少）；每天的 minyi housekeep 也会做"
SAMPLE = "民意简报：龘㙍𠮷路口〇七号，路灯不亮"


Check = Callable[[], Iterator[Finding]]


def examine(opened: Callable[[], Workspace], environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at everything; nothing that is wrong here is raised."""
    found: list[Finding] = []
    workspace = _open(opened, found)
    checks: list[tuple[str, Check]] = [("模型", _models)]
    if workspace is None:
        checks.append(("字体", lambda: _fonts(None)))
    else:
        config = workspace.config
        checks += [
            ("字体", lambda: _fonts(config.brief.fonts)),
            ("词典", lambda: _lexicon(config.words)),
            ("时间", lambda: _clock(workspace)),
            ("磁盘", lambda: _disk(workspace)),
            ("发送", lambda: _delivery(workspace)),
            ("数据库", lambda: _database(workspace)),
        ]
    checks.append(("Airflow", lambda: look_at_airflow(environ)))
    for name, check in checks:
        found += _safely(name, check)
    if workspace is not None:
        workspace.close()
    return found


def _open(opened: Callable[[], Workspace], found: list[Finding]) -> Workspace | None:
    try:
        workspace = opened()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the file is what we are here to say
        found.append(Finding("配置", False, str(error), "改正后再运行；还没有配置时先运行 minyi init"))
        return None
    forums = [source for source in workspace.config.sources if source.engine != "file"]
    words = f"{workspace.file.absolute()}，论坛 {len(forums)} 个"
    found.append(Finding("配置", True, words))
    return workspace


def _safely(name: str, check: Check) -> list[Finding]:
    """What a check found; its own failure, whatever it is, is one more finding."""
    found = []
    try:
        for finding in check():
            found.append(finding)  # noqa: PERF402 - what was found before a failure counts
    except MinyiError as error:
        found.append(Finding(name, False, str(error)))
    except Exception as error:  # noqa: BLE001 - a doctor that falls ill helps nobody
        words = str(error).strip().splitlines()
        said = words[0] if words else type(error).__name__
        found.append(
            Finding(name, False, f"{said}（{type(error).__name__}）", "请按说明处理，或把这一行交给维护人员")
        )
    return found


def _models() -> Iterator[Finding]:
    from pipelines.model_files import SHIPPED, load_models

    yield Finding("模型", True, f"校验和无误，版本 {load_models(SHIPPED).version}")


def _fonts(folder: Path | None) -> Iterator[Finding]:
    from reports.fonts import REMEDY, FontError, find_fonts

    try:
        fonts = find_fonts(folder)
    except FontError as error:
        yield Finding("字体", False, str(error), REMEDY)
        return
    missing = _missing_glyphs(fonts)
    words = f"{fonts.sans}、{fonts.serif}" + ("" if fonts.fangsong else "；没有仿宋，正文用宋体代替")
    if missing:
        yield Finding("字体", False, f"{words}；缺少字形：{missing}", "安装完整的 fonts-noto-cjk")
    else:
        yield Finding("字体", True, words)


def _missing_glyphs(fonts: Any) -> str:
    from fontTools.ttLib import TTFont

    face = fonts.face(fonts.sans)
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        known = font.getBestCmap()
    return "".join(letter for letter in SAMPLE if ord(letter) not in known)


def _lexicon(words: Iterable[str]) -> Iterator[Finding]:
    """No fault to be alarmed at, but nobody would otherwise learn that a word of theirs does nothing."""
    from pipelines.segment import Segmenter

    segmenter = Segmenter(words)
    if idle := segmenter.ineffective():
        said = f"{'、'.join(idle[:SHOWN_WORDS])}{' 等' if len(idle) > SHOWN_WORDS else ''}"
        yield Finding(
            "词典", True, f"{len(idle)} 个词分词时不起作用：{said}；地名、单位名、用语里不要有空格和括号"
        )
    else:
        yield Finding("词典", True, f"地名、单位名、用语共 {len(segmenter.words)} 个，都起作用")


def _clock(workspace: Workspace) -> Iterator[Finding]:
    now = datetime.now(UTC)
    here, host = now.astimezone(workspace.config.office.zone), now.astimezone()
    words = f"单位所在时区现在是 {here:%Y-%m-%d %H:%M}（{workspace.config.office.timezone}）"
    if here.utcoffset() != host.utcoffset():
        words += f"；主机时区是 {host.tzname()}（{host:%H:%M}），不影响：日期都按单位所在时区算"
    yield Finding("时间", True, words)


def _disk(workspace: Workspace) -> Iterator[Finding]:
    folder = workspace.config.data_dir
    present = folder
    while not present.exists():
        present = present.parent
    free = disk_usage(present).free
    words = f"{folder} 还有 {free / 1e9:.1f} GB"
    if not os.access(present, os.W_OK):
        yield Finding("磁盘", False, f"{folder} 不能写", "请改权限：chown 给运行 minyi 的用户，或改 data_dir")
    elif free < LEAST_FREE:
        yield Finding(
            "磁盘", False, words, "请腾出空间，或把 data_dir 移到大一些的盘；minyi housekeep 可清理过期内容"
        )
    else:
        yield Finding("磁盘", True, words)


def _delivery(workspace: Workspace) -> Iterator[Finding]:
    config = workspace.config
    if not config.recipients:
        yield Finding("发送", True, "没有配置收件人")
        return
    secrets = [config.mail.password] if config.mail and config.mail.password else []
    for who in config.recipients:
        if who.chat is not None:
            secrets += [who.chat.webhook, *([who.chat.secret] if who.chat.secret else [])]
        if who.folder is not None and who.folder.exists() and not os.access(who.folder, os.W_OK):
            yield Finding("发送", False, f"{who.name} 的文件夹 {who.folder} 不能写", "请改文件夹的权限")
        if not who.ways:
            yield Finding("发送", False, f"{who.name} 没有写怎么送", "请写 folder、email 或 chat")
        if who.department and who.department not in config.department_names:
            words = (
                f"{who.name} 的 department “{who.department}”不在 departments 中：只有转办给它的事项会送去"
            )
            yield Finding("发送", True, words)
    for secret in secrets:
        reveal(secret)
    yield Finding("发送", True, f"收件人 {len(config.recipients)} 个，密码和地址都取得到（没有试发）")


def _database(workspace: Workspace) -> Iterator[Finding]:
    from sqlalchemy import make_url

    from pipelines.store import StoreError, open_database

    url = make_url(workspace.config.database)
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(PATIENCE_SECONDS)})
    try:
        engine = open_database(url.render_as_string(hide_password=False))
    except StoreError as error:
        yield Finding("数据库", False, str(error), "数据库没有启动就启动它；要升级程序就先升级")
        return
    try:
        yield from _store(workspace, engine)
    finally:
        engine.dispose()


def _store(workspace: Workspace, engine: "Engine") -> Iterator[Finding]:
    from minyi.author_key import AuthorKeyError, load_author_key
    from pipelines.store.masking import masked_by
    from pipelines.store.settings import read_setting
    from pipelines.store.upkeep import is_whole, server_time, try_to_write
    from pipelines.version import masking_version

    where = engine.url.set(query={}).render_as_string()
    try_to_write(engine)
    if is_whole(engine):
        yield Finding("数据库", True, f"{where}，能读能写，结构是最新的")
    else:
        yield Finding("数据库", False, f"{where} 已损坏", "请从备份恢复：minyi restore 文件")
    old = masked_by(engine) != masking_version()
    said = ("库里有文字是按较早的规则遮盖的", _MASK_AGAIN) if old else ("库里的文字都按现在的规则遮盖过", "")
    yield Finding("遮盖", not old, *said)
    skew = abs((server_time(engine) - datetime.now(UTC)).total_seconds())
    if skew > MOST_SKEW:
        yield Finding(
            "时间", False, f"本机和数据库服务器的钟差 {skew:.0f} 秒", "请在两台机器上都开启对时（NTP）"
        )
    path = workspace.config.author_key
    try:
        if read_setting(engine, "author_key") is not None:
            load_author_key(path, engine)
        made = path.exists()
        yield Finding("作者密钥", True, f"{path} 无误" if made else "还没有，第一次采集时会生成")
    except AuthorKeyError as error:
        yield Finding("作者密钥", False, str(error))
    yield from _crawls(workspace, engine)


def _crawls(workspace: Workspace, engine: "Engine") -> Iterator[Finding]:
    from minyi.source_settings import forums
    from pipelines.store.crawls import last_crawls

    zone = workspace.config.office.zone
    for source in forums(workspace):
        with engine.connect() as connection:
            last = next(iter(last_crawls(connection, source.name, 1)), None)
        if last is None:
            yield Finding("采集", True, f"{source.title}：还没有采集过")
            continue
        words = (
            f"{source.title}：{last.started_at.astimezone(zone):%m月%d日 %H:%M} {last.message or '正在采集'}"
        )
        well = last.state not in ("failed", "blocked")
        yield Finding("采集", well, words, "" if well else f"请运行 minyi source check {source.name}")
