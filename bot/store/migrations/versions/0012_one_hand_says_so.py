"""the sentence of one hand at night is no answer either

Revision 0012, after 0011.
"""

from alembic import op

from bot.store.reshaping import on_sqlite, reshape

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAME = "ck_delivery_no_broadcast_as_an_answer"
FIRST, NIGHT = "'alerts.alert'", "'alerts.night'"
OTHERS = (
    "'alerts.update', 'alerts.over', 'alerts.doubt', 'alerts.correction', 'alerts.correction_unfounded', "
    "'notices.notice', 'notices.change', 'notices.cancelled'"
)
BEFORE, NOW = f"({FIRST}, {OTHERS})", f"({FIRST}, {NIGHT}, {OTHERS})"


def upgrade() -> None:
    _instead_of(BEFORE, NOW)


def downgrade() -> None:
    _instead_of(NOW, BEFORE)


def _instead_of(old: str, new: str) -> None:
    if on_sqlite():
        reshape("delivery", [(old, new)])
        return
    op.drop_constraint(op.f(NAME), "delivery", type_="check")
    op.create_check_constraint(op.f(NAME), "delivery", f"key IS NULL OR key NOT IN {new}")
