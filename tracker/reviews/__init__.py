"""Public reviews and mentions: read from feeds, files and the API, answered in time. They never count in anybody's score."""
