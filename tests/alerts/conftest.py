"""The people of these tests, and the stage most of them begin on."""

from tests.alerts.stage import stage
from tests.moderation.cast import clock, town

__all__ = ["clock", "stage", "town"]
