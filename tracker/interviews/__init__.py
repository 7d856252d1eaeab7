"""Interviews and observations: what staff wrote down about a service, kept apart from customers' own ratings."""
