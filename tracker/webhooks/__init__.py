"""Webhooks: what other programs tell us by themselves, in files named inbound_*."""
