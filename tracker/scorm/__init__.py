"""SCORM packages: read, played on a site of their own, and what they report kept so that any device goes on with it."""
