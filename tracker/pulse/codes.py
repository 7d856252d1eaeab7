"""Codes on slips of paper: what is drawn, and what somebody may have meant by what they typed."""

import secrets

# Crockford's alphabet: without letters that look like a number or like each other.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS_LIKE = str.maketrans("OIL", "011")
BLOCKS, BLOCK_LENGTH = 3, 4


def new_code() -> str:
    """A code of 60 random bits, in blocks as it is printed: 7K2M-0Q9X-4HTB."""
    blocks = ("".join(secrets.choice(ALPHABET) for _letter in range(BLOCK_LENGTH)) for _block in range(BLOCKS))
    return "-".join(blocks)


def canonical(code: str) -> str:
    """The same for every way of typing one code: small letters, spaces, dashes, O for 0 and I or L for 1."""
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum()).translate(LOOKS_LIKE)
