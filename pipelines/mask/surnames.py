"""Surnames, given names, and what tells a name from other words."""

import re

import rjieba

from pipelines.lexicons import shipped_list

COMPOUND, SINGLE = shipped_list("surnames")
COMPOUNDS = frozenset(COMPOUND.split())
COMPOUND = "|".join(sorted(COMPOUNDS))
SURNAMES = frozenset(SINGLE)
GIVEN = frozenset("".join(shipped_list("given")))
# Surnames that are everyday words as well, and mark no name by themselves.
EVERYDAY = frozenset(
    "和于向时全任能都国方司成连从满当同家边应但各车高关对由展但来过水年别门党组支文相言如信宣计衣区单官商海路游强花荣乐安平明常易"
    "温白华金班原位权查解经初越多每其老小该本那有是楼房店客要皮"
)
# Before a title some of them are names all the same, unless they end a word: 提高, 对方, 保安.
ENDS_A_WORD = {
    "谢": "谢感多",
    "高": "提最很较更不年身最",
    "方": "我你他己对校双各前后地官资警军卖买甲乙院园医厂多设工供租管东西南北",
    "安": "保公治",
    "金": "奖租押现资基罚",
    "常": "经平日非正异",
    "白": "明黑雪",
    "温": "高低气",
    "华": "中豪才",
    "文": "语中英作",
    "水": "",
    "车": "货汽公火客轿停开校修的租快小叉吊班",
    "章": "文公",
    "单": "买简名",
    "任": "班前现主担责",
    "强": "",
    "荣": "",
    "易": "容不交",
    "花": "校",
    "乐": "音快",
    "平": "",
    "明": "",
}
# And these, where the words around leave no other sense.
OFTEN_A_NAME = frozenset("向于时全成满连关游商党皮计宣")
RARE = "".join(sorted(SURNAMES - EVERYDAY))
USUAL = (
    "张王李刘陈杨赵黄周吴徐孙马胡朱郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余杜叶程魏吕苏卢姚谭汪贾夏付邹熊秦邱薛闫阎段侯龙贺顾"
    "毛郝龚邵钱覃戴莫孔汤丁孟雷史钟"
)

# Whom set phrases, books and monuments name: no residents.
HISTORIC = frozenset((
    "毛泽东", "周恩来", "刘少奇", "朱德", "邓小平", "江泽民", "胡锦涛", "习近平", "雷锋", "焦裕禄", "孙中山", "宋庆龄", "彭德怀", "刘伯承", "叶剑英", "罗荣桓", "董必武", "邓颖超", "李大钊", "陈独秀", "蒋介石", "张学良",
    "袁世凯", "曾国藩", "李鸿章", "张之洞", "王羲之", "王昭君", "王安石", "王阳明", "王国维", "李时珍", "李清照", "李自成", "李世民", "张仲景", "张大千", "张爱玲", "林则徐", "林徽因", "林黛玉", "贾宝玉", "刘胡兰", "刘禹锡",
    "刘志丹", "陈景润", "陈嘉庚", "朱元璋", "朱自清", "郭沫若", "郭守敬", "徐志摩", "徐光启", "徐悲鸿", "徐霞客", "徐海东", "郑成功", "梁启超", "梁思成", "宋教仁", "唐伯虎", "董存瑞", "袁隆平", "蔡元培", "杜丽娘", "叶圣陶",
    "吕洞宾", "苏东坡", "吴承恩", "周敦颐", "黄继光", "黄庭坚", "黄道婆", "黄公望", "邱少云", "孟浩然", "孔繁森", "史可法", "戴望舒", "钱学森", "钱三强", "邓稼先", "邓丽君", "杨振宁", "杨贵妃", "杨靖宇", "马克思", "孙悟空",
    "孙思邈", "赵一曼", "曹雪芹", "谭嗣同", "詹天佑", "霍去病", "霍元甲", "沈从文",
))  # fmt: skip
# What people write for anybody; as numerals they are no given names.
ANYBODY = frozenset(["张三", "李四", "王二", "王五", "赵六", "孙七", "周八", "吴九", "郑十"])

NOT_GIVEN = frozenset(
    "是的在于和与跟住说有没不也就都等同向到从来去被把给对将因为电手男女先今现身你我他她它这那些个吗呢吧了着过又再还只很太每各某"
    "什么怎样但而或及其此该所以可能会要想请求问反映投诉举报联系话号位名叫称姓人者们员师户镇县市区街道路第几两多"
)
PLACE_FOLLOWS = re.compile(
    r"(?:家)?(?:村|路|镇|街|社区|小区|组|湾|庄|屯|乡|县|市|桥|塘|山|湖|河|江|巷|弄|沟|店|馆|超市|烧烤|饭店|酒店|大道|广场|花园|大厦|学校|中学|小学|医院|[\u4e00-\u9fa5]?[园苑府郡](?!长))"
    r"|[\u4e00-\u9fa5]{0,4}(?:公司|集团|银行|超市)"
)
OFFICE = re.compile(
    r"(?:副|总)?(?:书记|主任|市长|区长|县长|镇长|乡长|村长|局长|厅长|处长|科长|所长|站长|队长|部长|省长|州长|院长|校长|园长|主席|委员|"
    r"代表|常委|秘书长|行长|董事长|警官|法官|检察官|组长|支书|司令|参谋|总理|总统)"
)
TITLE = re.compile(
    r"(?:老师(?!傅)|师傅|医生|大夫|护士|先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大叔|大婶|大姐|大哥|奶奶|爷爷|婆婆|嫂子|同学|教练|律师|"
    r"经理|老板|店长|房东|司机|娭毑|嗲嗲|教授|保安|会计|阿婆|阿公|老太|老头|老汉)(?![们员])"
)
ENDS = re.compile(r"[\s，。、；;：:,.!！?？）)（(【】\]”\"]|$")


def surname_of(name: str) -> str | None:
    if name[:2] in COMPOUNDS:
        return name[:2]
    return name[:1] if name[:1] in SURNAMES else None


def name_end(text: str, start: int) -> int | None:
    """Where the name that starts here ends; None when it is an official's, a place's or no name."""
    given = start + len(surname_of(text[start : start + 2]) or " ")
    end = given
    for size in (2, 1):
        if (
            given + size <= len(text)
            and _HANZI.fullmatch(text, given, given + size)
            and ENDS.match(text, given + size)
        ):
            end = given + size
            break
    while (
        end < min(given + 2, len(text)) and "\u4e00" <= text[end] <= "\u9fa5" and text[end] not in NOT_GIVEN
    ):
        end += 1
    if end == given + 2 and text[end - 1] not in GIVEN and text[given] in GIVEN and not ENDS.match(text, end):
        end -= 1
    if end == given or OFFICE.match(text, end) or PLACE_FOLLOWS.match(text, end):
        return None
    return end


_HANZI = re.compile(r"(?!.?[的是在了吗呢我你他她它这那])[\u4e00-\u9fa5]{1,2}")


def is_usual_name(name: str, context: str = "") -> bool:
    """Whether the characters are usual in names and the dictionary knows no other word there."""
    if name in ANYBODY:
        return True
    surname = surname_of(name)
    given = name[len(surname) :] if surname else ""
    if not given or not all(character in GIVEN for character in given):
        return False
    first, tag = rjieba.tag(context or name)[0]
    if len(first) == 1 or first == surname or tag.startswith("nr") or tag == "x":
        return True
    return (
        len(first) < len(name) == len(surname or "") + 2
        and context != ""
        and ENDS.match(context, len(name)) is not None
    )


def is_known_name(name: str, context: str) -> bool:
    """Whether the dictionary, or what it takes for one, has the whole as a person's name."""
    if name[0] in EVERYDAY or NOT_GIVEN & set(name):
        return False
    first, tag = rjieba.tag(context)[0]
    return first == name and tag.startswith("nr")
