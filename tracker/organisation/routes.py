"""People, teams, absences, holidays, settings: three modules of views on one blueprint."""

from tracker.organisation import people_routes, settings_routes, team_routes
from tracker.organisation.blueprint import bp

__all__ = ["bp", "people_routes", "settings_routes", "team_routes"]
