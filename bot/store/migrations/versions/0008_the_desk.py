"""what the queue and the health page ask for

Revision 0008, after 0007. The triggers that count changes are hung after every migration (`bot.store.changed`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TRIGGERS = {
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'counts#_%' ESCAPE '#'",
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'counts#_%' ESCAPE '#'",
}


def upgrade() -> None:
    change = op.create_table(
        "change",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.execute(change.insert().values(id=0, n=0, at=sa.func.current_timestamp()))
    op.create_table(
        "pulse",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("every_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "who", name=op.f("pk_pulse")),
    )
    op.create_table(
        "key_seen",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", "mark", name=op.f("pk_key_seen")),
    )
    op.add_column("listed_through", sa.Column("looked_at", MOMENT, nullable=True))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name, table in op.get_bind().execute(sa.text(TRIGGERS[dialect])).all():
        op.execute(f"DROP TRIGGER {name} ON {table}" if dialect == "postgresql" else f"DROP TRIGGER {name}")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS count_change()")
    op.drop_column("listed_through", "looked_at")
    op.drop_table("key_seen")
    op.drop_table("pulse")
    op.drop_table("change")
