"""SIMULACRO: a rehearsal for volunteers, which no resident can ever be reached by."""
