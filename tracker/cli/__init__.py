"""Layer 10: the same actions for operators."""
