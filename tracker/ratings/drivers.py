"""What a rating can be about: the drivers every instance starts with, as praise and as wish, in each language customers read.

These words are data and no texts of the program: they are what the first version of each survey is made of, and HR writes
them anew in later versions. The keys serve surveys, observation and lessons alike and never change.
"""

Words = dict[str, dict[str, str]]  # {"praise": {"en": ..., "sw": ..., "fr": ...}, "wish": {...}}

# Key -> its name in lists, as the driver table keeps it.
DEFAULT_DRIVERS = {
    "promise_kept": "Promise kept",
    "knowledge": "Knowledge",
    "effort": "Little effort",
    "felt_as_an_individual": "Felt as an individual",
    "friendliness": "Friendliness",
    "speed": "Speed",
    "options_explained": "Options explained",
    "price_clear": "Price clear",
    "returns_clear": "Returns and guarantee clear",
    "no_pressure": "No pressure",
    "answers_right": "Right answers",
    "staff_there_when_needed": "Staff there when needed",
    "offer_clear": "Clear what is on offer",
    "benefit_clear": "Clear what is in it for me",
    "first_impression": "First impression",
    "use_explained": "Use explained",
}
# Key -> praise in English, Swahili and French, then the wish in the same three.
_DEFAULT_WORDS = {
    "promise_kept": (
        "Kept what was promised", "Ahadi ilitimizwa", "Promesse tenue",
        "Keeping what was promised", "Kutimiza ahadi", "Le respect des promesses",
    ),
    "knowledge": (
        "Knew their stuff", "Ujuzi wa kazi", "Bonne connaissance",
        "Knowing the answers", "Kujua majibu", "La maîtrise du sujet",
    ),
    "effort": (
        "Made it easy", "Ilikuwa rahisi", "C’était simple",
        "Less effort for me", "Kunirahisishia mambo", "La simplicité",
    ),
    "felt_as_an_individual": (
        "Saw me as a person", "Nilithaminiwa kama mtu", "Attention à ma personne",
        "Seeing me as a person", "Kunithamini kama mtu", "L’attention à ma personne",
    ),
    "friendliness": (
        "Friendly", "Ukarimu", "Accueil aimable",
        "Friendliness", "Ukarimu zaidi", "L’amabilité",
    ),
    "speed": (
        "Fast", "Haraka", "Rapidité",
        "Speed", "Kuhudumiwa haraka", "La rapidité",
    ),
    "options_explained": (
        "Explained my options", "Nilielezwa chaguo zangu", "Choix bien expliqués",
        "Explaining my options", "Kunieleza chaguo zangu", "Les explications sur le choix",
    ),
    "price_clear": (
        "Clear price", "Bei ilikuwa wazi", "Prix clair",
        "A clear price", "Bei iliyo wazi", "La clarté du prix",
    ),
    "returns_clear": (
        "Clear on returns and guarantee", "Urejeshaji na dhamana viko wazi", "Retours et garantie clairs",
        "Returns and guarantee", "Urejeshaji na dhamana", "Les retours, la garantie",
    ),
    "no_pressure": (
        "No pressure", "Bila shinikizo", "Sans pression",
        "Less pressure", "Kupunguza shinikizo", "Moins de pression",
    ),
    "answers_right": (
        "Right answers", "Majibu sahihi", "Bonnes réponses",
        "More accurate answers", "Majibu sahihi zaidi", "L’exactitude des réponses",
    ),
    "staff_there_when_needed": (
        "There when needed", "Msaada ulikuwepo", "De l’aide au bon moment",
        "Somebody there when needed", "Mtu wa kunisaidia", "Une aide au bon moment",
    ),
    "offer_clear": (
        "Clear what is on offer", "Nilielewa mnachotoa", "Offre facile à comprendre",
        "Showing what is on offer", "Kuonyesha mnachotoa", "La présentation de l’offre",
    ),
    "benefit_clear": (
        "Clear what is in it for me", "Niliona faida yangu", "Avantages clairs pour moi",
        "Showing what is in it for me", "Kuonyesha faida yangu", "Les avantages pour moi",
    ),
    "first_impression": (
        "Good first impression", "Mwanzo mzuri", "Bonne première impression",
        "The first impression", "Mapokezi ya mwanzo", "La première impression",
    ),
    "use_explained": (
        "Explained how to use it", "Nilielezwa matumizi", "Mode d’emploi expliqué",
        "Explaining how to use it", "Kueleza matumizi", "Le mode d’emploi",
    ),
}  # fmt: skip
# What is asked at which stage to begin with: few enough to read between two customers.
ASKED = {
    "pre_purchase": (
        "offer_clear", "benefit_clear", "options_explained", "first_impression", "friendliness", "knowledge", "no_pressure",
    ),
    "purchase": (
        "friendliness", "speed", "knowledge", "price_clear", "returns_clear", "use_explained", "no_pressure",
    ),
    "post_purchase": (
        "answers_right", "friendliness", "staff_there_when_needed", "speed", "promise_kept", "returns_clear",
    ),
}  # fmt: skip


def default_words(key: str) -> Words | None:
    """The words a driver of the product's own starts with; None for one that a company added."""
    found = _DEFAULT_WORDS.get(key)
    if found is None:
        return None
    languages = ("en", "sw", "fr")
    return {
        "praise": dict(zip(languages, found[:3], strict=True)),
        "wish": dict(zip(languages, found[3:], strict=True)),
    }
