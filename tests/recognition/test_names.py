"""Which words of customers are not shared, and which names a colleague may not write unasked."""

import pytest

from tracker.recognition.names import names_said, tokens_of
from tracker.recognition.rules import withheld_because

PEOPLE = (
    "Brian Kamau", "Kevin Odhiambo", "Amina Otieno", "Grace Njeri", "Anne-Marie O’Brien", "José Pérez", "Joy Wanjiku", "May Lee",
    "Søren Łukasz",
)  # fmt: skip
COLLEAGUES = frozenset(token for name in PEOPLE for token in tokens_of(name))
KNOWN = frozenset(tokens_of("Zawadora Nairobi Central tills"))


def why(comment: str, of: str = "Amina Otieno") -> str | None:
    return withheld_because(comment, of=of, colleagues=COLLEAGUES, known=KNOWN)


@pytest.mark.parametrize(
    "comment",
    [
        "Amina was so kind to my mother.",
        "amina otieno was patient",
        "AMINA’S help saved my day!",
        "Kind and graceful from start to end",  # Grace is a part of a word
        "The joyful mood, the channel, the annexe",  # so are Joy, Anne
        "Great service. Thank you!",
        "Perfect. Excellent. Thanks",
        "Asante sana, nitarudi Jumamosi",
        "Went to Zawadora on Saturday and it was quick",
        "My change was ready, I'm happy",
        "The TV works now, even the WIFI",
        "She explained 3 offers in 10 minutes",
        "THANK YOU SO MUCH FOR THE HELP",
        "Did not push the warranty on me. Respect!",
        "Faster than my brother on WhatsApp",
        "Très gentille, elle m’a aidée jusqu’au bout",
    ],
)
def test_words_about_the_person_alone_are_shared(comment: str) -> None:
    assert why(comment) is None


@pytest.mark.parametrize(
    "comment",
    [
        "Brian too was kind",
        "and BRIAN as well",
        "with brian's help it was quick",
        "with brian’s help it was quick",
        "kamau at the till was quick",
        "Thanks to you,brian and the others",
        "#brian you are kind to people",
        "BrianKamau helped me so much",
        "brian_kamau helped me so much",
        "Briiian was so kind to me",
        "Bri\u200ban was so kind to me",
        "jose and pérez were both kind",
        "JOSE\u0301 was so kind to me",
        "obrien was so kind to me",
        "anne was so kind to me",
        "soren lukasz was kind to me",
        "what a joy to shop here",  # a word that is a name: in doubt it is not shared
        "served with such grace today",
        "I may come again, so quick",
        "Amina and Kevin were kind",
    ],
)
def test_words_that_name_a_colleague_are_not(comment: str) -> None:
    assert why(comment) == "names"


@pytest.mark.parametrize(
    "comment",
    [
        "call me at 0722 123 456 please",
        "My number: +254-722-123456",
        "write to me@example.org again",
        "see www.example.org for more of it",
        "you find me as @happyshopper",
    ],
)
def test_words_that_say_how_to_reach_somebody_are_not(comment: str) -> None:
    assert why(comment) == "contact"


@pytest.mark.parametrize(
    "comment",
    [
        "Thanks to Muthoni who packed it all",  # in no list, but written as a name
        "Very quick service.\nPeter",
        "Very quick service. – Peter Mutua",
        "my name is wafula and I will come again",
        "jina langu ni wafula, asante sana",
        "Madam at till 4 was helpful",
        "Mrs Auma says thanks for all",
        "sexy girl at the till, so quick",
        "Ке́vin was so kind to me",  # not our letters
        "شكرا جزيلا على كل شيء",
    ],
)
def test_words_in_doubt_are_not(comment: str) -> None:
    assert why(comment) == "doubtful"


def test_without_words_there_is_nothing_to_share() -> None:
    assert why("👍👍👍👍👍👍👍👍👍👍👍👍") == "no words"
    assert why("10/10 10/10 1!") == "no words"


def test_whose_name_it_is_may_be_named_also_where_it_is_an_everyday_word() -> None:
    assert why("Such grace, dear Grace, thank you", of="Grace Njeri") is None
    assert why("Such grace, and Joy too, thank you", of="Grace Njeri") == "names"


def test_a_colleague_names_nobody_unasked() -> None:
    def said(text: str, *but: str) -> set[str]:
        return {name.split()[0] for name in names_said(text, PEOPLE, but=but)}

    assert said("kevin stayed late, and Anne-Marie too") == {"Kevin", "Anne-Marie"}
    assert said("kevin stayed late, and Anne-Marie too", "Kevin Odhiambo") == {"Anne-Marie"}
    assert said("It was a joy, you may believe me, such grace") == set()
    assert said("May I say thanks. Grace under pressure!") == set()
    assert said("I saw how Grace did it") == {"Grace"}
    assert said("Otieno is only a last name here") == set()
