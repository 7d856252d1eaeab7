"""Layer 5: the anonymous pulse: rounds, sealed ballots, and the one table of what is published."""
