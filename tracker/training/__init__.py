"""Training: who is to learn what by when, how far they are, what they remember, and the certificates that prove it."""
