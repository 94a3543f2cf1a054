"""what was reached, and when

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DRAFT = sa.text("state = 'draft'")
OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_broadcast_draft", "broadcast", ["id"], sqlite_where=DRAFT, postgresql_where=DRAFT)
    op.create_index("ix_release_released_at", "release", ["released_at"])
    op.create_table(
        "expected",
        _broadcast(),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("took_seconds", sa.Float(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        *_keys("expected", "broadcast_id"),
    )
    op.create_table(
        "tally",
        _broadcast(),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        *_keys("tally", "broadcast_id"),
    )
    op.create_index("ix_tally_open", "tally", ["broadcast_id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "tally_slice",
        _broadcast(),
        sa.Column("after", ID, nullable=False, autoincrement=False),
        sa.Column("through", ID, nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("look_at", MOMENT, nullable=False),
        sa.Column("pause_seconds", sa.Float(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        *_keys("tally_slice", "broadcast_id", "after"),
    )
    op.create_index("ix_tally_slice_due", "tally_slice", ["look_at"])
    op.create_table(
        "area_count",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_area_count")),
    )
    op.create_table(
        "lesson",
        sa.Column("id", ID, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_lesson_incident_id_incident"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lesson_person_id_person"), ondelete="SET NULL"
        ),
    )
    op.create_index("ix_lesson_incident", "lesson", ["incident_id"])


def downgrade() -> None:
    for table in ("lesson", "area_count", "tally_slice", "tally", "expected"):
        op.drop_table(table)
    op.drop_index("ix_release_released_at", table_name="release")
    op.drop_index("ix_broadcast_draft", table_name="broadcast")


def _broadcast() -> sa.Column[int]:
    return sa.Column("broadcast_id", ID, nullable=False, autoincrement=False)


def _keys(table: str, *columns: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f(f"fk_{table}_broadcast_id_broadcast"), ondelete="CASCADE"
        ),
    )
