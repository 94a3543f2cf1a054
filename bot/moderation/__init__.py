"""What is true: who is paged, who claims, what they find, and what follows from it."""
