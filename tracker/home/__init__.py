"""Layer 8: first pages. They compose what the packages beneath offer, and own no table."""
