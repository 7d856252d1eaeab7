"""The demo company: a made-up retailer with people, teams and fourteen months of ratings. Pure data, no database."""
