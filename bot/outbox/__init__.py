"""Every message that must leave: planned, allowed, claimed, sent, recorded, reconciled."""
