"""Layer 8: what several packages know, side by side: what staff think of customers’ experience against what customers say."""
