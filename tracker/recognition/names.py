"""Whether a text names somebody. Pure, and cautious: what might be a name is taken for one.

A word is compared without case, accents, drawn-out letters, apostrophes and hyphens, and always whole: "Anne" is in "Anne’s" and in
"ANNE-MARIE", and not in "channel".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_OTHER_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´＇", "'"))
_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_ENDED = re.compile(r"[.!?…]\W*$")
_SENTENCE = re.compile(r"[.!?…:;\n\r•]+|\s[–—-]+\s|[(\[\"“”«»]")
_ADDRESS = re.compile(r"@|\bhttps?:|\bwww\.|\b[\w-]+\.(?:com|org|net|info|co|ke|tz|ug|fr|de|io|me)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d(?:[\s().\-/]*\d){5,}")
_SAYS_A_NAME = re.compile(
    r"\b(my name is|my name's|i am called|call me|name was|regards|sincerely|jina|naitwa|anaitwa|m'appel\w*|s'appel\w*|prénom|"
    r"cordialement|mr|mrs|ms|madam|dr|mzee|bwana|ndugu|monsieur|madame|mme)\b",
    re.IGNORECASE,
)
# Kind or not, nobody wants to be read by the team as a body.
_LOOKS = re.compile(
    r"\b(sexy|pretty|beautiful|handsome|gorgeous|cute|ugly|curvy|babe|hottie|fuck\w*|shit\w*|bitch\w*|"
    r"mrembo|mzuri sana wa sura|mnene|malaya|belle|jolie|canon|moche|grosse|putain)\b",
    re.IGNORECASE,
)
# Words with a capital letter in the middle of a sentence that are nobody's name.
_CAPITALS = """
i i'm i've i'd i'll god mungu allah dieu asante thanks merci
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
november december christmas easter eid ramadan
jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili krismasi
lundi mardi mercredi jeudi vendredi samedi dimanche noël pâques
english swahili kiswahili french français kenya kenyan nairobi mombasa kisumu tanzania uganda africa mpesa m-pesa visa
whats app google
"""
# First names that are everyday words too: in lower case, or at the start of a sentence, they may be just that.
_WORDS_TOO = """
grace faith joy hope mercy patience charity rose lily may june april august sunny rich mark will bill grant frank art dawn eve
glory gift blessing precious prudence purity ruby pearl amber iris ivy jade olive summer autumn angel christian chance miles guy
jack pat rob sue drew victor justice brave happy beauty comfort earnest ernest
amani baraka bahati furaha heri imani neema pendo rehema subira tumaini zawadi shukuru upendo
rose claire pierre reine olive aimé désiré blanche marine victoire espérance
"""
# A last sentence of one such word is no signature.
_THANKS = "thanks asante merci great good perfect excellent amazing super top bravo cheers karibu wow fantastic"


def tokens_of(text: str) -> set[str]:
    """Every word of a text or a name as it is compared, from two letters on; a compound also by its parts."""
    return {token for word, _is_first in _words(text) for token in _forms(word)}


def names_said(text: str, names: Iterable[str], *, but: Iterable[str]) -> set[str]:
    """Of these names those whose first name a colleague's text says, and which none of `but` shares.

    An everyday word counts only where it is written as a name."""
    said: set[str] = set()
    for word, is_first in _words(text):
        if not (_plain(word) in _EVERYDAY and (is_first or not word[0].isupper())):
            said |= _forms(word)
    said -= {token for name in but for token in tokens_of(name)}
    return {name for name in names if _first_of(name) & said}


def has_contact(text: str) -> bool:
    """Whether there is an address, a link or a number that one could call."""
    return bool(_ADDRESS.search(text) or _NUMBER.search(text))


def is_doubtful(comment: str, *, own: Iterable[str], known: frozenset[str]) -> bool:
    """Whether a customer's words might name somebody whom no list has, tell who wrote them, or speak of looks."""
    plain = comment.translate(_APOSTROPHES)
    if _SAYS_A_NAME.search(plain) or _LOOKS.search(plain) or _has_other_letters(plain):
        return True
    allowed = set(own) | _CAPITAL_FORMS | known
    return any(_looks_like_name(word) and not _forms(word) <= allowed for word in _inside(comment))


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """(word, whether a sentence begins with it)."""
    for sentence in _SENTENCE.split(_cleaned(text)):
        for position, found in enumerate(_WORD.finditer(_CAMEL.sub(" ", sentence))):
            yield found.group(), position == 0


def _inside(text: str) -> Iterator[str]:
    """Words with a capital letter for no reason but their own: those no sentence begins with, and a signature."""
    sentences = [sentence for sentence in _SENTENCE.split(_cleaned(text)) if _WORD.search(sentence)]
    for number, sentence in enumerate(sentences):
        words = _WORD.findall(_CAMEL.sub(" ", sentence))
        is_last = 0 < number == len(sentences) - 1 and not _ENDED.search(text)
        is_signature = is_last and len(words) < 4 and all(map(_looks_like_name, words))
        yield from words if is_signature and not _is_thanks(words) else words[1:]


def _is_thanks(words: list[str]) -> bool:
    return len(words) == 1 and _plain(words[0]) in _CLOSINGS


def _cleaned(text: str) -> str:
    """Composed, with one kind of apostrophe and hyphen, without what cannot be seen."""
    composed = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return "".join("-" if char in "‐‑" else char for char in composed if unicodedata.category(char) != "Cf")


def _forms(word: str) -> set[str]:
    """A word as it is compared: whole without its marks, and by its parts."""
    parts = re.split(r"['\-]", word)
    return {form for form in (_plain(word), *map(_plain, parts)) if len(form) > 1}


def _plain(word: str) -> str:
    """Without case, accents, apostrophes and hyphens; letters that are drawn out only once."""
    letters = unicodedata.normalize("NFKD", word.casefold().translate(_OTHER_LETTERS))
    bare = "".join(char for char in letters if not unicodedata.combining(char) and char not in "'-")
    return _DRAWN_OUT.sub(r"\1", bare)


def _first_of(name: str) -> set[str]:
    return _forms(_cleaned(name).split()[0]) if name.split() else set()


def _looks_like_name(word: str) -> bool:
    return word[0].isupper() and any(char.islower() for char in word)


def _has_other_letters(text: str) -> bool:
    """Letters of another script: a name written in them would be in no list."""
    return any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in _cleaned(text))


_EVERYDAY = frozenset(map(_plain, _WORDS_TOO.split()))
_CAPITAL_FORMS = frozenset(form for word in _CAPITALS.split() for form in _forms(word))
_CLOSINGS = frozenset(map(_plain, _THANKS.split()))
