"""The people of these tests."""

from tests.moderation.cast import clock, dora, town

__all__ = ["clock", "dora", "town"]
