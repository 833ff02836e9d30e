"""Answers that borrowed the time of their question lose it: they passed for given at once.

Tables and letters keep both under keys of their own, by which they are known.  A day that began
before its message came is no better: of such an answer only "not before the message" is true.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_QUESTION = """
    SELECT question.posted_at FROM posts AS question
    WHERE question.thread_id = posts.thread_id AND question.is_first AND question.posted_at >= posts.posted_at
    AND (posts.post_key = question.post_key || '-reply'
         OR posts.post_key = 'answer' AND question.post_key = 'question')
"""


def upgrade() -> None:
    op.execute(
        sa.text(
            f"UPDATE posts SET posted_at = NULL, posted_after = ({_QUESTION}), dated_at = ({_QUESTION})"
            f" WHERE agency IS NOT NULL AND EXISTS ({_QUESTION})"
        )
    )


def downgrade() -> None:
    op.execute(
        sa.text(
            "UPDATE posts SET posted_at = posted_after"
            " WHERE agency IS NOT NULL AND posted_at IS NULL AND posted_before IS NULL"
        )
    )
