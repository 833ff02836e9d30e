"""What staff decide, saved topics, alerts, and runs that keep their history."""

import sqlalchemy as sa
from alembic import op

from pipelines.schema import UTCDateTime
from pipelines.store.search import create_index, drop_index, index_all

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=256), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("done_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit") as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_done_at"), ["done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_subject"), ["subject"], unique=False)

    op.create_table(
        "refusals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("thread_key", sa.String(length=128), nullable=True),
        sa.Column("post_key", sa.String(length=128), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("refused_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
        sa.UniqueConstraint("url", name=op.f("uq_refusals_url")),
    )
    with op.batch_alter_table("refusals") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_refusals_source_thread_key"), ["source", "thread_key"], unique=False
        )

    op.create_table(
        "source_settings",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=True),
        sa.Column("delay", sa.Float(), nullable=True),
        sa.Column("times", sa.JSON(), nullable=True),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_settings")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("name", name=op.f("uq_topics_name")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=128), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=True),
        sa.Column("raised_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("over_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_alerts_issue_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_alerts_run_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    with op.batch_alter_table("alerts") as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_cause_over_at"), ["cause", "over_at"], unique=False)

    op.create_table(
        "instructions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=128), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("given_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_instructions_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions")),
    )
    with op.batch_alter_table("instructions") as batch_op:
        batch_op.create_index(batch_op.f("ix_instructions_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "issue_states",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=128), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("set_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_states_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_states")),
    )
    with op.batch_alter_table("issue_states") as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_states_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "brief_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brief_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("written_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["briefs.id"], name=op.f("fk_brief_notes_brief_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_notes")),
    )
    with op.batch_alter_table("brief_notes") as batch_op:
        batch_op.create_index(batch_op.f("ix_brief_notes_brief_id"), ["brief_id"], unique=False)

    op.create_table(
        "brief_omissions",
        sa.Column("brief_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("left_out_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["briefs.id"], name=op.f("fk_brief_omissions_brief_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_brief_omissions_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("brief_id", "issue_id", name=op.f("pk_brief_omissions")),
    )
    op.create_table(
        "instruction_states",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instruction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("staff", sa.String(length=64), nullable=False),
        sa.Column("set_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instruction_id"],
            ["instructions.id"],
            name=op.f("fk_instruction_states_instruction_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction_states")),
    )
    with op.batch_alter_table("instruction_states") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_instruction_states_instruction_id"), ["instruction_id"], unique=False
        )

    with op.batch_alter_table("briefs") as batch_op:
        batch_op.add_column(sa.Column("approved_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("results_hash", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("approved_at", UTCDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("outcome", sa.String(length=16), server_default="sent", nullable=False))
        batch_op.add_column(sa.Column("message", sa.Text(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_deliveries_brief_id_channel_recipient_state"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliveries_brief_id_channel_recipient_state_round"),
            ["brief_id", "channel", "recipient", "state", "round"],
        )

    with op.batch_alter_table("issue_threads") as batch_op:
        batch_op.add_column(sa.Column("by_staff", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("from_issue", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )

    with op.batch_alter_table("issues") as batch_op:
        batch_op.add_column(
            sa.Column("split_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_issues_split_from"), "issues", ["split_from"], ["id"])

    with op.batch_alter_table("posts") as batch_op:
        batch_op.add_column(sa.Column("gone_at", UTCDateTime(timezone=True), nullable=True))
    for table in ("posts", "threads"):
        filled = sa.text("gone_at IS NOT NULL")
        name = op.f(f"ix_{table}_gone_at")
        op.create_index(name, table, ["gone_at"], sqlite_where=filled, postgresql_where=filled)

    with op.batch_alter_table("runs") as batch_op:
        batch_op.add_column(sa.Column("topic", sa.String(length=256), server_default="", nullable=False))
        batch_op.add_column(sa.Column("inputs_hash", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("labels", sa.JSON(), server_default="{}", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_runs_kind_first_day_last_day"), type_="unique")
        batch_op.create_index(batch_op.f("ix_runs_kind_last_day"), ["kind", "last_day"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_runs_kind_first_day_last_day_topic_inputs_hash"),
            ["kind", "first_day", "last_day", "topic", "inputs_hash"],
        )

    # Last: rebuilding `posts` and `threads` on SQLite would drop its triggers.
    create_index(op.get_bind())
    index_all(op.get_bind())

    with op.batch_alter_table("readings") as batch_op:
        batch_op.add_column(sa.Column("sketch", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("readings") as batch_op:
        batch_op.drop_column("sketch")

    drop_index(op.get_bind())
    with op.batch_alter_table("runs") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_runs_kind_first_day_last_day_topic_inputs_hash"), type_="unique"
        )
        batch_op.drop_index(batch_op.f("ix_runs_kind_last_day"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_runs_kind_first_day_last_day"), ["kind", "first_day", "last_day"]
        )
        batch_op.drop_column("labels")
        batch_op.drop_column("inputs_hash")
        batch_op.drop_column("topic")

    for table in ("posts", "threads"):
        op.drop_index(op.f(f"ix_{table}_gone_at"), table)
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_column("gone_at")

    with op.batch_alter_table("issues") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issues_split_from"), type_="foreignkey")
        batch_op.drop_column("split_from")

    with op.batch_alter_table("issue_threads") as batch_op:
        batch_op.drop_column("from_issue")
        batch_op.drop_column("by_staff")

    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_deliveries_brief_id_channel_recipient_state_round"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliveries_brief_id_channel_recipient_state"),
            ["brief_id", "channel", "recipient", "state"],
        )
        batch_op.drop_column("message")
        batch_op.drop_column("outcome")
        batch_op.drop_column("round")

    with op.batch_alter_table("briefs") as batch_op:
        batch_op.drop_column("approved_at")
        batch_op.drop_column("results_hash")
        batch_op.drop_column("approved_by")

    with op.batch_alter_table("instruction_states") as batch_op:
        batch_op.drop_index(batch_op.f("ix_instruction_states_instruction_id"))

    op.drop_table("instruction_states")
    op.drop_table("brief_omissions")
    with op.batch_alter_table("brief_notes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_brief_notes_brief_id"))

    op.drop_table("brief_notes")
    with op.batch_alter_table("issue_states") as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_states_issue_id"))

    op.drop_table("issue_states")
    with op.batch_alter_table("instructions") as batch_op:
        batch_op.drop_index(batch_op.f("ix_instructions_issue_id"))

    op.drop_table("instructions")
    with op.batch_alter_table("alerts") as batch_op:
        batch_op.drop_index(batch_op.f("ix_alerts_cause_over_at"))

    op.drop_table("alerts")
    op.drop_table("topics")
    op.drop_table("source_settings")
    with op.batch_alter_table("refusals") as batch_op:
        batch_op.drop_index(batch_op.f("ix_refusals_source_thread_key"))

    op.drop_table("refusals")
    with op.batch_alter_table("audit") as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_done_at"))

    op.drop_table("audit")
