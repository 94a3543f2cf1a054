"""who looks: what volunteers are asked and when, whose turn it is to release, which empty shifts were told

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ASKED = ("unclaimed", "decide", "are_you_ok", "still_there", "look_again", "nobody_releases")


def upgrade() -> None:
    op.add_column("incident", sa.Column("quiet_since", MOMENT, nullable=True))
    _question()
    _release_turn()
    _gap_told()


def downgrade() -> None:
    for table in ("gap_told", "release_turn", "question"):
        op.drop_table(table)
    op.drop_column("incident", "quiet_since")


def _question() -> None:
    op.create_table(
        "question",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("incident_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(length=24), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.CheckConstraint(" OR ".join(f"kind = '{word}'" for word in ASKED), name=op.f("ck_question_kind_known")),
        _of("question", "incident"),
        _of("question", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_incident", "question", ["incident_id", "kind", "asked_at"])
    unanswered = sa.text("answered_at IS NULL")
    op.create_index(
        "ix_question_open", "question", ["kind", "person_id"], sqlite_where=unanswered, postgresql_where=unanswered
    )


def _release_turn() -> None:
    op.create_table(
        "release_turn",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("alert_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("paged_at", MOMENT, nullable=False),
        sa.Column("declined_at", MOMENT, nullable=True),
        _of("release_turn", "alert"),
        _of("release_turn", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_turn")),
    )
    op.create_index("ix_release_turn_alert", "release_turn", ["alert_id", "paged_at"])


def _gap_told() -> None:
    op.create_table(
        "gap_told",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("neighborhood", sa.String(length=32), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind = 'release' OR kind = 'look'", name=op.f("ck_gap_told_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_told")),
    )
    op.create_index("ix_gap_told", "gap_told", ["kind", "neighborhood", "ends_at"])


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    column = f"{other}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )
