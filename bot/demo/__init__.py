"""Practice: sample people, subscribers, an alert and a tour. Everything here refuses a database that is not a demo's."""
