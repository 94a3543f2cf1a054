"""Volunteers and organizers: invitations and their lines, roles, areas, shifts, sign-in."""
