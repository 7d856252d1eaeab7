"""The JSON API for other programs: tokens, version 1 of its addresses, and the page that describes them."""
