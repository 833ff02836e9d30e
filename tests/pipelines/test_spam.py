"""Advertising in its disguises, and residents who use the same words."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from pipelines.clean import clean_text, is_spam, strip_injected


def _lines() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spam_lines", Path(__file__).with_name("spam_lines.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LINES = _lines()


@pytest.mark.parametrize("part", [slice(0, None, 2), slice(1, None, 2)], ids=["seen", "unseen"])
def test_advertising_is_found_and_residents_are_kept(part: slice) -> None:
    missed = [line for line in LINES.SPAM[part] if not is_spam(line)]
    lost = [line for line in LINES.HONEST[part] if is_spam(line)]
    recall = 1 - len(missed) / len(LINES.SPAM[part])
    found = len(LINES.SPAM[part]) - len(missed)
    assert recall >= 0.95, missed
    assert found / (found + len(lost)) >= 0.97, lost


def test_more_trades_are_found_and_no_resident_is_taken_for_a_seller() -> None:
    missed = [line for line in LINES.LATER_SPAM if not is_spam(line)]
    assert len(missed) <= 0.06 * len(LINES.LATER_SPAM), missed


@pytest.mark.parametrize("line", LINES.HONEST + LINES.LATER_HONEST)
def test_what_residents_write_is_kept_whole(line: str) -> None:
    assert strip_injected(line) == line


@pytest.mark.parametrize("line", LINES.SPAM[:10])
def test_an_injected_line_goes_and_the_page_stays(line: str) -> None:
    honest = "关于调整公交线路的公告。自下月一日起，八路公交改走新桥路，首班六点，末班二十二点，请市民留意。"
    assert strip_injected(f"{honest}\n{line}").strip() == honest
    assert "公交改走新桥路" in clean_text(f"{line}\n{honest}")
    assert not is_spam(f"{honest}\n{line}")


@pytest.mark.parametrize(
    "footer",
    [
        "友情链接：澳门赌场 时时彩平台 北京赛车 百家乐网站",
        '<a href="http://www.xpj.example">新葡京娱乐场</a> <a href="#">威尼斯人平台</a>',
        "版权所有 新桥县人民政府 北京赛车pk10开奖直播 http://www.pk10.example",
        "时时彩 http://www.ssc.example",
    ],
)
@pytest.mark.parametrize("between", ["\n", ""])
def test_a_lottery_link_in_a_page_s_footer_goes_and_the_page_stays(footer: str, between: str) -> None:
    page = (
        "各乡镇人民政府：为做好今年春耕生产工作，现将有关事项通知如下。一、加强组织领导，落实工作责任。"
        "二、加大投入，备足农资。三、组织农技人员下乡，加强技术指导。四、做好防汛抗旱准备。"
    )
    assert clean_text(f"{page}{between}{footer}") == clean_text(page)
    assert not is_spam(f"{page}{between}{footer}")


def test_an_advertisement_of_many_short_sentences_goes_whole() -> None:
    assert is_spam(
        "急用钱找我！凭身份证就能贷。最快十分钟到账！额度5万到50万。手续简单，当天到账。加我微信。"
    )


def test_a_word_said_again_and_again_is_no_list_for_search_engines() -> None:
    assert not is_spam("没发票 没发票 没发票 没发票 没发票 没发票")
