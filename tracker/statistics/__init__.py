"""Pure arithmetic over numpy arrays: scores, falls, effects, linkage, disclosure. No Flask, no database."""
