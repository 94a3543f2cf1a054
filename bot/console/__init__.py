"""Web pages for volunteers and organizers: one module per page, opened by `doors`."""
