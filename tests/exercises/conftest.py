"""The people of these tests."""

from tests.moderation.cast import clock, town

__all__ = ["clock", "town"]
