"""Layer 0: what every package stands on. Database session, clock, errors, audience, outbox, tasks."""
