"""Layer 4: the inbox, and the one mail a day that speaks of it."""
