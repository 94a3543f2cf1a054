"""what ended and was told to nobody is looked at again

Revision 0014, after 0015.
"""

from alembic import op

from bot.store.reshaping import on_sqlite, reshape

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME = "ck_incident_step_step_allowed"
STEPS = {
    "unconfirmed": ("verifying", "debunked", "unverifiable", "merged"),
    "verifying": ("confirmed", "debunked", "not_seen", "unverifiable", "disputed", "unconfirmed", "merged"),
    "disputed": ("confirmed", "debunked", "not_seen", "unverifiable", "retracted"),
    "confirmed": ("ended", "retracted", "disputed"),
    "not_seen": ("unconfirmed", "retracted"),
    "unverifiable": ("unconfirmed", "retracted"),
    "debunked": ("unconfirmed", "retracted"),
    "ended": ("retracted",),
    "merged": ("unconfirmed",),
}
OLD_STEPS = tuple(f"{before}>{after}" for before, afters in STEPS.items() for after in afters)
NEW_STEP, BESIDE = "ended>unconfirmed", "'ended>retracted'"


def upgrade() -> None:
    if on_sqlite():
        reshape("incident_step", [(BESIDE, f"'{NEW_STEP}', {BESIDE}")])
    else:
        _allow((*OLD_STEPS, NEW_STEP))


def downgrade() -> None:
    """Refused by the CHECK itself once something was looked at again: the older rule has no word for that step."""
    if on_sqlite():
        reshape("incident_step", [(f"'{NEW_STEP}', {BESIDE}", BESIDE)])
    else:
        _allow(OLD_STEPS)


def _allow(steps: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(NAME), "incident_step", type_="check")
    pairs = ", ".join(f"'{step}'" for step in steps)
    op.create_check_constraint(op.f(NAME), "incident_step", f"before || '>' || after IN ({pairs})")
