"""What we say, and in which words: `catalog` gives a text by its key. messages/README.md is the map."""
