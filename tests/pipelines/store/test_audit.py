"""The record of what staff did."""

from sqlalchemy import Engine

from pipelines.store.audit import last_records, record


def test_the_newest_deeds_come_first_and_those_of_one_subject_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        record(connection, "周科", "issue.rename", "issue 3", {"title": "路灯不亮"})
        record(connection, "周科", "topic.save", "topic 1")
        record(connection, "吴科", "issue.state", "issue 3", {"state": "转办"})
    with engine.begin() as connection:
        assert [row.action for row in last_records(connection, 2)] == ["issue.state", "topic.save"]
        of_issue = last_records(connection, 10, subject="issue 3")
    assert [(row.staff, row.details) for row in of_issue] == [
        ("吴科", {"state": "转办"}),
        ("周科", {"title": "路灯不亮"}),
    ]
    assert of_issue[0].done_at.tzinfo is not None
