"""a session under its token of before, its wrong proofs, and questions that were answered

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("signed_in", sa.Column("before_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("signed_in", sa.Column("renewed_at", MOMENT, nullable=True))
    op.add_column("signed_in", sa.Column("wrong_proofs", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_signed_in_before_hash"), "signed_in", ["before_hash"], unique=False)
    op.create_table(
        "answered",
        sa.Column("id", ID, nullable=False),
        sa.Column("question_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answered")),
        sa.UniqueConstraint("question_hash", name=op.f("uq_answered_question_hash")),
        info={"kept": "to take an answer of your device once", "days": 1, "by": "expires_at"},
    )
    op.create_index(op.f("ix_answered_expires_at"), "answered", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("answered")
    op.drop_index("ix_signed_in_before_hash", table_name="signed_in")
    for column in ("wrong_proofs", "renewed_at", "before_hash"):
        op.drop_column("signed_in", column)
