"""What anybody may see: the public page, and whether the hotline runs."""
