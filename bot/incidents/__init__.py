"""The thing that is true or not: reports about one place and time, with its states and neighborhoods."""
