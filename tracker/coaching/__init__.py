"""Layer 7: what a fall turns into: a talk that is scheduled, held and followed up."""
