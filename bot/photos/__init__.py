"""What somebody saw, as a picture: fetched, cleaned, sealed, shown to staff for three days, never passed on."""
