"""Layer 1: who did what to what, when, and why. Append-only, sealed into a hash chain, outlives the people in it."""
