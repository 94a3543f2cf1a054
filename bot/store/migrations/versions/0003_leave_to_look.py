"""leave to look

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("emergency", sa.Column("asked_leave_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("emergency", sa.Column("gave_leave_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("emergency", "gave_leave_at")
    op.drop_column("emergency", "asked_leave_at")
