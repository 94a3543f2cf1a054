"""Residents: a text comes in, an answer goes out."""
