import csv
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.classify import Models
from pipelines.model_files import load_models
from pipelines.places import PlaceFinder
from pipelines.reader import Reader
from pipelines.scores import Scores
from pipelines.segment import Segmenter
from pipelines.train import train

SUBJECTS = {
    "城乡建设": ("路灯坏了没人修", "物业乱收费", "小区停水三天", "拆迁补偿没有到位"),
    "环境保护": ("工厂排放污水", "夜里噪音扰民", "空气里有恶臭", "养猪场粪水外流"),
    "交通运输": ("公交车半小时一班", "出租车拒载", "快递丢了没人赔", "红绿灯时间太短"),
    "教育文体": ("学校违规补课", "孩子没有学位", "幼儿园收费太高", "教师待遇太低"),
    "劳动和社会保障": ("单位拖欠工资", "社保断缴", "退休金算错了", "工伤没有认定"),
    "商贸旅游": ("传销团伙骗人", "景区门票太贵", "商场卖假货", "电梯老是出故障"),
    "卫生计生": ("医院乱收费", "医生态度差", "二胎准生证难办", "疫苗打不到"),
}
ENDINGS = {
    ("投诉", "neg"): ("太气人了，投诉", "严重影响生活，要求查处", "实在无法忍受", "没有人管，失望"),
    ("求助", "neg"): ("请帮帮我们，走投无路", "求领导救救我们", "恳请帮助解决困难", "求助，急"),
    ("咨询", "neu"): ("请问怎么办理？", "想咨询一下政策？", "请问什么时候开始？", "咨询办理流程？"),
    ("建议", "neu"): ("建议增加设施", "希望规划时考虑", "建议早日改进", "提个小建议"),
    ("表扬", "pos"): ("已经修好，点赞", "感谢工作人员，表扬", "办事热情，非常满意", "谢谢，好样的"),
    ("其他", "neu"): ("今天天气", "转发一下", "路过看看", "记录一下"),
}


@pytest.fixture(scope="session")
def labelled_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder of labelled files in the form of the real ones; every text is invented here."""
    folder = tmp_path_factory.mktemp("labelled")
    draw = random.Random(7)
    _write_civic(folder / "civic_labelled_train.jsonl", draw, each=12)
    _write_civic(folder / "civic_gold_dev.jsonl", draw, each=3)
    _write_corpora(folder / "sentiment_train.csv.gz", draw)
    messages = [_message(draw) for _ in range(140)]
    tokens = [(" ".join(title), category) for title, _, category in messages]
    _write_table(folder / "civic_category_tokens_train.csv", ("tokens", "label"), tokens)
    _write_table(
        folder / "civic_category_dev.csv", ("title", "text", "label"), [_message(draw) for _ in range(42)]
    )
    _write_table(folder / "civic_messages.csv", ("title", "text"), [_message(draw)[:2] for _ in range(60)])
    _write_table(
        folder / "civic_replies_dev.csv",
        ("title", "text", "reply"),
        [(*m[:2], "已转办") for m in messages[:30]],
    )
    return folder


@pytest.fixture(scope="session")
def trained(labelled_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scores]:
    """A folder of models trained on the invented texts, and their scores."""
    folder = tmp_path_factory.mktemp("models")
    return folder, train(labelled_data, folder, random_state=0)


@pytest.fixture(scope="session")
def models(trained: tuple[Path, Scores]) -> Models:
    return load_models(trained[0])


@pytest.fixture(scope="session")
def reader(models: Models) -> Reader:
    return Reader(models, Segmenter(), PlaceFinder({"人民路": "城东区"}), unsure=0.5)


def _message(draw: random.Random) -> tuple[str, str, str]:
    category = draw.choice(list(SUBJECTS))
    ending = draw.choice([text for texts in ENDINGS.values() for text in texts])
    return (
        draw.choice(SUBJECTS[category]),
        f"{draw.choice(SUBJECTS[category])}，{ending}{_tail(draw)}",
        category,
    )


def _tail(draw: random.Random) -> str:
    """Something that makes a text unlike the others."""
    return f"（{draw.randrange(10**6)}）"


def _write_civic(path: Path, draw: random.Random, each: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in _civic_rows(draw, each):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _civic_rows(draw: random.Random, each: int) -> Iterator[dict[str, object]]:
    for (intent, sentiment), endings in ENDINGS.items():
        for source in ("civic", "weibo"):
            for _ in range(each):
                subject = draw.choice(SUBJECTS[draw.choice(list(SUBJECTS))])
                text = f"{subject}，{draw.choice(endings)}{_tail(draw)}"
                yield {"text": text, "source": source, "intent": intent, "sentiment": sentiment, "places": []}


def _write_corpora(path: Path, draw: random.Random) -> None:
    words = {
        "pos": ("很好", "满意", "喜欢", "推荐"),
        "neg": ("很差", "失望", "退货", "难吃"),
        "neu": ("一般", "看看", "路过", "询问"),
    }
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("corpus", "text", "label"))
        for corpus, labels in (("hotel", ("pos", "neg")), ("nlpcc2013", ("pos", "neg", "neu"))):
            for label in labels:
                for _ in range(30):
                    said = "，".join(draw.choice(words[label]) for _ in range(3))
                    table.writerow((corpus, f"{said}{_tail(draw)}", label))


def _write_table(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(row[: len(columns)] for row in rows)
