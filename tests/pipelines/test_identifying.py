"""Columns that tell who somebody is, under the names that offices and forums give them."""

import pytest

from pipelines.identifying import is_identifying

WHO = """
    姓名 *姓名 姓名1 真实姓名 昵称 网名 笔名 用户 用户名 用户ID 会员名 作者 楼主 发帖人 留言者
    评论人 发布者 投诉人 诉求人 反映人 举报人 申请人 当事人 来信人 被投诉人 业主 户主 家长姓名
    联系人员 联系电话 联系电话（手机） 手机号码 回拨号码 来电号码 固定电话 座机 身份证号码(必填)
    证件号码 护照号 社保卡号 车牌号 银行卡号 家庭住址 详细地址 门牌号 房号 邮箱 微信号 QQ ＱＱ号
    账号 头像 性别 年龄 出生日期 籍贯 民族 职业 工作单位 IP ＩＰ IP地址 ip_address author author_id
    authorName user_name UserName user-name uid userId nick nickname screen_name full_name
    first_name name realName phone phoneNumber mobile_phone contact_phone telephone cellphone e-mail
    E-mail mail email_address address home_address wechat wechat_id openid qq id_card idCardNo
    bank_card avatar profile_url created_by posted_by gender age birthday poster caller
    customer_name account
"""
ISSUE = """
    标题 正文 留言详情 编号 工单编号 时间 来电时间 联系时间 小区 小区名称 项目名称 栏目 地址栏目
    版块名称 答复单位 承办单位 部门 来源 渠道 网址 网站地址 链接地址 手机端 是否匿名 是否联系
    电话回访结果 用户满意度 来电人次 反映人数 微信公众号 居民诉求 业主委员会 人民路 诉求类型 楼层
    message_id id text title places posted_at created_at agency district category_name file_name
    topic_name place_name user_count author_count ip_count email_count address_type url source
    platform hostname mailing_list authority telemetry contents skip reply replied_at likes label
"""


@pytest.mark.parametrize("column", [*WHO.split(), "姓\u3000名", "姓 名", "Phone No.", " E-mail "])
def test_what_identifies(column: str) -> None:
    assert is_identifying(column)


@pytest.mark.parametrize("column", ISSUE.split())
def test_what_does_not_identify(column: str) -> None:
    assert not is_identifying(column)
