"""Signing in, and one's own account. Naming the modules here puts their routes on the blueprint."""

from tracker.access import account_routes, sign_in_routes
from tracker.access.blueprint import bp

__all__ = ["account_routes", "bp", "sign_in_routes"]
