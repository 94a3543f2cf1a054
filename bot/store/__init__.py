"""Where is it written down? Engine, sessions, column types and migrations; SQLite and PostgreSQL alike."""
