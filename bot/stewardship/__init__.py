"""What do we keep, for how long, and who may ask? Read from the schema itself, so that promise and purge agree."""
