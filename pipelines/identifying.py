"""Which columns of an office's table tell who somebody is, by their heading."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def is_identifying(column: str) -> bool:
    """Would this column tell who somebody is?  In doubt it would: what is dropped is told, with its name."""
    heading = unicodedata.normalize("NFKC", column).strip()
    chinese = re.sub(r"[\s*_]|[(\[【].*?[)\]】]|\d+$", "", heading)
    if _ABOUT.search(chinese):
        return False
    return bool(_CHINESE.search(chinese)) or _is_identifying_english(heading)


# What a call or a user led to, and where it was made, is nobody's name or number.
_ABOUT = re.compile(
    r"^是否|(?:栏目|版块|结果|满意度|评价|次数|人次|人数|数|数量|端|公众号|网站地址|链接地址)$"
)
_PERSON = (
    r"(?:发帖|留言|来电|联系|联络|投诉|诉求|反映|反应|举报|申请|申报|求助|咨询|来信|写信|来访|上访|信访|报料|爆料|"
    r"提交|发布|评论|回帖|跟帖|提问|报修|报案|当事|监护|经办|负责|填报|登记|委托|代理)"
)
_CHINESE = re.compile(
    rf"姓名|名字|昵称|网名|笔名|真名|称呼|用户|网友|会员|作者|楼主|{_PERSON}(?:人|者)|(?:人|者|人员)$|"
    r"联系方式|电话|手机|座机|(?:来电|主叫|被叫|回拨)号码?|地址|住址|住所|门牌|房号|室号|"
    r"身份证|证件|护照|驾驶证|社保卡|医保卡|银行卡|邮箱|邮件$|微信|QQ|[账帐]号$|登录名|头像|个人主页|车牌|"
    r"性别|年龄|出生|生日|^民族$|籍贯|职业$|政治面貌|工作单位|(?:业主|户主|家长|市民|居民|村民|群众)$",
    re.IGNORECASE,
)


def _is_identifying_english(heading: str) -> bool:
    """By whole words, however they are joined: user_name, userName, "User Name"."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", heading)
    lowered = [word.lower() for word in words]
    if not lowered or lowered[-1] in _ABOUT_ENGLISH:
        return False
    joined = "".join(lowered)
    return (
        any(_WHO.fullmatch(word) for word in lowered)
        or bool(_JOINED.fullmatch(joined))
        or ("by" in lowered and not _DID.isdisjoint(lowered))
    )


_ABOUT_ENGLISH = {"count", "counts", "total", "type", "result", "rate", "score", "satisfaction", "time", "at"}
_WHO = re.compile(
    r"author|authors|user|username|userid|uid|uname|nick|nickname|nicknames|phone|phones|telephone|"
    r"tel|mobile|cellphone|landline|email|mail|address|ip|gender|sex|age|wechat|weixin|qq|openid|"
    r"unionid|poster|avatar|contact|contacts|customer|owner|caller|complainant|applicant|sender|"
    r"writer|creator|reporter|citizen|resident|handle|birthday|birth|birthdate|dob|passport|idcard|"
    r"imei|imsi|mac|plate|surname|fullname|realname|screenname|account|member|profile|signature"
)
_JOINED = re.compile(
    r"name|(?:real|full|first|last|given|family|middle|screen|display|client|person|people|login|contact)names?|"
    r"(?:id|identity|bank|credit|social)(?:card|security|number)(?:no|number|id)?|e?mails?"
)
_DID = {"created", "posted", "submitted", "reported", "written", "authored", "sent"}
