"""What residents saw: one message from one person, read into SALUTE, matched to an incident."""
