"""Events out to other programs, signed."""
