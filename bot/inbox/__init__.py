"""Every message that came in, once, and where its conversation stands."""
