"""how much earlier reports of a source were worth, and who shares a household

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ASIDE = ("same_number", "same_words", "same_home", "copied", "many_places", "burst")
BANDS = ("known", "new", "often_mistaken")


def upgrade() -> None:
    # With its CHECK in one statement, as both databases take it: SQLite would copy the whole table, and what hangs on it.
    _add_word("set_aside", ASIDE)
    _add_word("band", BANDS)
    op.add_column("report", sa.Column("wording", sa.String(16), nullable=True))
    op.add_column("report", sa.Column("exchange", sa.String(16), nullable=True))
    op.add_column("report", sa.Column("weighed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_report_wording", "report", ["wording", "received_at"])
    op.create_index("ix_report_received", "report", ["received_at"])
    op.create_table(
        "reporter_standing",
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("confirmed", sa.SmallInteger(), nullable=False),
        sa.Column("something_else", sa.SmallInteger(), nullable=False),
        sa.Column("not_seen", sa.SmallInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_reporter_standing")),
    )
    op.create_table(
        "home_member",
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_home_member")),
    )
    op.create_index("ix_home_member_home", "home_member", ["home"])
    op.create_table(
        "home_code",
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_home_code")),
    )


def downgrade() -> None:
    op.drop_table("home_code")
    op.drop_table("home_member")
    op.drop_table("reporter_standing")
    op.drop_index("ix_report_received", "report")
    op.drop_index("ix_report_wording", "report")
    for name in ("weighed", "exchange", "wording", "band", "set_aside"):
        op.drop_column("report", name)


def _add_word(name: str, words: tuple[str, ...]) -> None:
    known = " OR ".join(f"{name} = '{word}'" for word in words)
    op.execute(f"ALTER TABLE report ADD COLUMN {name} VARCHAR(24) CONSTRAINT ck_report_{name}_known CHECK ({known})")
