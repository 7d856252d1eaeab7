"""How fast the product is, each time against the least that the same machine needs for the same thing."""
