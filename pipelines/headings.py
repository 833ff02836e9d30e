"""Which column of an office's table is what: the headings that common exports use."""

from collections.abc import Sequence

# Field -> headings, best first.
HEADINGS: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "留言详情",
        "留言内容",
        "诉求内容",
        "工单内容",
        "正文",
        "详细内容",
        "内容",
        "content",
        "body",
    ),
    "title": ("title", "留言主题", "工单标题", "诉求标题", "标题", "主题", "subject"),
    "posted_at": (
        "posted_at",
        "留言时间",
        "受理时间",
        "发布时间",
        "来电时间",
        "登记时间",
        "时间",
        "created_at",
        "date",
    ),
    "key": ("message_id", "留言编号", "工单编号", "受理编号", "编号", "id", "post_id"),
    "board": ("board", "栏目", "版块", "诉求类型", "类型"),
    "url": ("url", "链接", "网址"),
    "reply": ("reply", "答复意见", "答复内容", "回复内容", "办理结果", "答复"),
    "replied_at": ("replied_at", "答复时间", "回复时间", "办结时间"),
    "agency": ("agency", "答复单位", "承办单位", "办理单位", "主办单位"),
}


def usual_columns(columns: Sequence[str]) -> dict[str, str]:
    """Field -> column, for the fields that have one of their usual headings."""
    by_name = {column.strip().lower(): column for column in reversed(columns)}
    return {
        name: by_name[heading]
        for name, heads in HEADINGS.items()
        for heading in reversed(heads)
        if heading in by_name
    }
