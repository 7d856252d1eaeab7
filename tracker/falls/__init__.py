"""Layer 8: what the weekly check goes by, what other settings would have alerted last year, and whether past checks can be repeated."""
