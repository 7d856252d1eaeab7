"""What the demo’s staff write under a question of the pulse: driver -> language -> words, happy ones first. None tells who wrote it."""

Words = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

ASKS_FOR_A_REPLY = "Two of us for three tills at noon. By four there is no energy left for anybody."
WORDS: dict[str, Words] = {
    "motivation": {
        "en": (
            ("The new displays made the mornings fun again.", "Customers remember us. That keeps me going."),
            ("Long Saturdays without a real break wear us out.", "Some weeks it is only boxes and queues."),
        ),
        "sw": (
            ("Wateja wakirudi kutushukuru, siku inakuwa nzuri.",),
            ("Jumamosi ni ndefu mno, hakuna mapumziko ya kutosha.",),
        ),
        "fr": (("L’équipe est soudée, on rit beaucoup.",), ("Les samedis sont trop longs, sans vraie pause.",)),
    },
    "trained": {
        "en": (
            ("The course on guarantees answered what customers really ask.",),
            ("New fridges arrived and nobody had shown us how they work.", "We learn new prices from the customers."),
        ),
        "sw": (("Mafunzo ya dhamana yalinisaidia sana.",), ("Bidhaa mpya zinafika kabla hatujafundishwa.",)),
        "fr": (("La formation sur les garanties était utile.",), ("On découvre les nouveautés avec la clientèle.",)),
    },
    "power": {
        "en": (
            ("Since we may refund small sums ourselves, arguments end in a minute.",),
            (
                "For every small refund I have to look for somebody with a key.",
                "I know what would help, and I am not allowed to do it.",
            ),
        ),
        "sw": (
            ("Sasa naweza kurudisha pesa kidogo mwenyewe, wateja wanafurahi.",),
            ("Lazima nisubiri ruhusa hata kwa jambo dogo.",),
        ),
        "fr": (
            ("Je peux enfin régler les petits soucis tout de suite.",),
            ("Il faut demander l’accord pour la moindre remise.",),
        ),
    },
    "staffing": {
        "en": (
            ("With the extra pair of hands at noon it works.",),
            (
                "Two of us for three tills, since weeks.",
                "When one is ill there is nobody. We skip our breaks.",
                "People leave the queue and I can only watch.",
            ),
        ),
        "sw": (
            ("Siku hizi tupo wa kutosha.",),
            ("Tuko wachache sana, foleni haiishi.", "Akiugua mmoja, wengine tunafanya kazi ya watatu."),
        ),
        "fr": (("Nous sommes enfin assez nombreux à midi.",), ("À deux pour trois caisses, on ne tient plus.",)),
    },
    "stage": {
        "en": (
            ("People leave with what they came for.",),
            ("After the sale nobody feels in charge of the customer.", "Deliveries are promised that the van can’t keep."),
        ),
        "sw": (("Wateja wengi huondoka wameridhika.",), ("Baada ya kununua, mteja husahaulika.",)),
        "fr": (("Les gens repartent contents.",), ("Après l’achat, le client est un peu oublié.",)),
    },
}  # fmt: skip
