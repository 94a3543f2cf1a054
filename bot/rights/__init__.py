"""Know-your-rights: which topic a question asks about (`finder`), and what we answer (`library`)."""
