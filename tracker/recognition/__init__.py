"""Thanks between colleagues, customers' praise, and stories of delight: shown to those it concerns, counted by nobody."""
