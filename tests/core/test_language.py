"""How sentences with numbers are written on a page."""

import pytest

from tracker.core.language import tied


@pytest.mark.parametrize(
    ("sentence", "on_the_page"),
    [
        ("Likely 56 to 73 % of them.", "Likely 56 to 73\u00a0% of them."),
        ("Of all (n = 1,267) 75 %", "Of all (n\u00a0=\u00a01,267) 75\u00a0%"),
        ("100% sure", "100% sure"),
    ],
)
def test_no_line_ends_before_a_percent_sign_or_the_size_of_a_sample(sentence: str, on_the_page: str) -> None:
    assert tied(sentence) == on_the_page
