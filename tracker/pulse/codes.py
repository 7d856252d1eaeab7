"""Codes on paper and for replies: made at random, and recognised as people type them."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32, so five bits each; no I, L, O and no U
LENGTH, GROUP = 16, 4  # 80 bits
LOOK_ALIKE = str.maketrans("OIL", "011")
LONGEST_TYPED = 80


def new_code() -> str:
    """80 random bits, in groups that can be copied by hand: 7K2M-0PQR-X4TV-9WBC."""
    letters = [secrets.choice(ALPHABET) for _ in range(LENGTH)]
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, LENGTH, GROUP))


def bare(typed: str) -> str:
    """A code without what does not tell codes apart: case, spaces, dashes, and whether it was a 0 or an O, a 1, an I or an L."""
    return "".join(letter for letter in typed[:LONGEST_TYPED].upper() if letter.isalnum()).translate(LOOK_ALIKE)
