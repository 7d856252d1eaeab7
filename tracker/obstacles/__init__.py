"""What stands in the way: said about own ratings, gathered under what it was, and answered by the team that it is given to."""
