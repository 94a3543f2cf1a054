"""One number: sealed, tagged, its channel, its language, its STOP."""
