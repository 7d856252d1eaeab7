"""The pages of courses: the catalogue, the editor, files, and a course as one file.

Naming the modules here puts their routes on the blueprint.
"""

from tracker.courses import catalogue_routes, draft_routes, file_routes, question_routes, transfer_routes
from tracker.courses.blueprint import bp

__all__ = ["bp", "catalogue_routes", "draft_routes", "file_routes", "question_routes", "transfer_routes"]
