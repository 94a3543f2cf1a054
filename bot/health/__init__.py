"""Does the hotline work? What its processes say of themselves, what waits for too long, and what both mean in one sentence."""
