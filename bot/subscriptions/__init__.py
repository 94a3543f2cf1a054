"""Who asked to hear about where, in which language, and how we can prove that they asked."""
