"""photos and clips

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("report_id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=24), nullable=True),
        sa.Column("locked", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("locked IS NULL OR failure IS NULL", name=op.f("ck_photo_here_or_not")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (locked IS NULL AND failure IS NULL)", name=op.f("ck_photo_settled_once")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_photo_contact_id_contact"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_photo_report_id_report"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("mark", name=op.f("uq_photo_mark")),
    )
    op.create_index("ix_photo_contact", "photo", ["contact_id", "received_at"])
    op.create_index("ix_photo_report", "photo", ["report_id"])
    op.create_table(
        "original",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("message_sid", sa.String(length=34), nullable=False),
        sa.Column("media_sid", sa.String(length=34), nullable=False),
        sa.Column("photo_id", BIG_ID, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_original_photo_id_photo"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_original")),
        sa.UniqueConstraint("media_sid", name=op.f("uq_original_media_sid")),
    )
    op.create_index("ix_original_due", "original", ["due_at"])
    # As SQL: SQLite adds a CHECK only together with its column, which Alembic has no words for.
    op.execute(
        "ALTER TABLE delivery ADD COLUMN clip VARCHAR(96) "
        "CONSTRAINT ck_delivery_clip_of_an_answer CHECK (clip IS NULL OR key IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_column("delivery", "clip")
    op.drop_table("original")
    op.drop_table("photo")
