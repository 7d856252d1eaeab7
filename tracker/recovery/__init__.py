"""Complaints turned round: a customer who was let down hears from a person, in hours, and is asked whether it helped."""
