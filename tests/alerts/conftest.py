"""The people of these tests, and the stage most of them begin on."""

from tests.alerts.stage import paged, stage
from tests.moderation.cast import clock, town

__all__ = ["clock", "paged", "stage", "town"]
