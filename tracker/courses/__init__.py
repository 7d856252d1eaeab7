"""Courses: what they teach, version by version, their files, and the pages on which they are written."""
