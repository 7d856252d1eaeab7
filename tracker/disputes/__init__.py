"""Second looks: a person asks about a rating of theirs, and somebody who has no part in it answers with a reason."""
