"""Organizers' aid messages: legal help, food, clinics. Asked for, approved by two, in quiet hours held."""
