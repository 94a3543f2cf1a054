"""Whose number, whose words? Sealing, tags, keys, encrypted texts and the audit chain."""
