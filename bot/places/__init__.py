"""Where is it? Neighborhoods, and the places a text or a pin names."""
