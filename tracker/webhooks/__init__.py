"""Webhooks: what other programs tell us by themselves (inbound_*), and what they are told (outbound_*)."""
