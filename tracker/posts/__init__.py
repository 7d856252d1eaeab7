"""Posts: named places where customers are served, and who held which one when."""
