"""Asking customers for a rating: planned when service ends, decided when it is due, mailed once, reminded once."""
