"""Layer 5: ratings and whose they are: touchpoints, interactions, attribution, weekly rollup, score cards, falls found."""
