"""Layer 3: accounts, sign-in, server-side sessions, roles, links that let somebody in once."""
