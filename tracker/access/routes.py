"""Signing in, and one's own account. Naming the modules here puts their routes on the blueprint."""

from tracker.access import account_routes, pin_routes, sign_in_routes, terminal_routes, terminal_setup_routes
from tracker.access.blueprint import bp

__all__ = ["account_routes", "bp", "pin_routes", "sign_in_routes", "terminal_routes", "terminal_setup_routes"]
