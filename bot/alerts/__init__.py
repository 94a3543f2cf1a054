"""A confirmed incident is told to its neighborhood, and taken back when it was wrong."""
