"""Who works at the demo company, as plain data. All people are made up.

Columns: staff number, name, pronoun (f or m, for customers' comments only), contract, language, e-mail (yes or no),
weeks before this week's Monday when the person joined (- = years ago), weeks before it when the person left (- = still
here).
"""

from __future__ import annotations

STAFF = {
    "head-office": """
        H-0001 | Wairimu Gathogo    | f | full_time  | en | yes | -  | -
        H-0007 | Chloe Yusuf        | f | full_time  | en | yes | -  | -
        H-0011 | Ruth Kiprop        | f | full_time  | en | yes | -  | -
        H-0014 | Daniel Musyoka     | m | full_time  | en | yes | -  | -
        H-0018 | Esther Nanjala     | f | full_time  | en | yes | -  | -
        H-0021 | Salim Mbarak       | m | full_time  | sw | yes | -  | -
        H-0023 | Caroline Akoth     | f | full_time  | en | yes | -  | -
        H-0026 | Priya Solanki      | f | full_time  | en | yes | -  | -
        H-0029 | Wilson Cheruiyot   | m | full_time  | en | yes | -  | -
    """,
    "nairobi-central": """
        N-0107 | Brian Kamau        | m | full_time  | en | yes | -  | -
        N-0131 | Hellen Mumbua      | f | full_time  | en | yes | -  | -
    """,
    "mombasa": """
        M-0204 | Dora Mwangi        | f | full_time  | en | yes | -  | -
        M-0212 | Juma Bakari        | m | full_time  | sw | yes | -  | -
    """,
    "support-centre": """
        S-0301 | Edwin Barasa       | m | full_time  | en | yes | -  | -
        S-0305 | Naomi Wangeci      | f | full_time  | en | yes | -  | -
        S-0309 | Abdirahman Gedi    | m | full_time  | en | yes | -  | -
    """,
    "nairobi-central-tills": """
        N-0341 | Fatuma Hassan      | f | full_time  | sw | yes | -  | -
        N-0365 | Joseph Wekesa      | m | full_time  | en | no  | -  | -
        N-0377 | Zainab Ali         | f | full_time  | en | yes | -  | -
        N-0388 | Peter Mutua        | m | full_time  | en | no  | -  | -
        N-0398 | Kevin Odhiambo     | m | full_time  | en | yes | -  | -
        N-0405 | Mercy Chebet       | f | full_time  | sw | no  | -  | -
        N-0412 | Amina Otieno       | f | full_time  | en | yes | -  | -
        N-0451 | Grace Njeri        | f | part_time  | en | yes | 40 | -
        N-0466 | Lucy Atieno        | f | fixed_term | sw | no  | 2  | -
    """,
    "nairobi-central-floor": """
        N-0318 | Samuel Kariuki     | m | full_time  | en | yes | -  | -
        N-0326 | Rose Adongo        | f | full_time  | sw | no  | -  | -
        N-0352 | Dennis Kiptoo      | m | full_time  | en | yes | -  | -
        N-0371 | Winnie Kerubo      | f | full_time  | en | yes | -  | -
        N-0383 | Pauline Syombua    | f | part_time  | sw | no  | -  | -
        N-0394 | Vincent Lusweti    | m | full_time  | en | no  | -  | -
        N-0459 | Hussein Guyo       | m | fixed_term | sw | yes | 14 | -
    """,
    "westlands": """
        W-0108 | Tabitha Wambui     | f | full_time  | en | yes | -  | -
        W-0112 | Eric Onyango       | m | full_time  | en | no  | -  | -
        W-0115 | Meera Halai        | f | full_time  | en | yes | -  | -
        W-0121 | Collins Langat     | m | full_time  | en | yes | -  | -
        W-0126 | Irene Kagendo      | f | part_time  | en | no  | -  | -
        W-0130 | Ahmed Jelle        | m | full_time  | en | yes | -  | -
        W-0134 | Judith Nekesa      | f | full_time  | sw | no  | -  | -
    """,
    "mombasa-tills": """
        M-0217 | Mwanaisha Omar     | f | full_time  | sw | yes | -  | -
        M-0219 | Hamisi Chengo      | m | full_time  | sw | no  | -  | -
        M-0223 | Catherine Mwende   | f | full_time  | en | yes | -  | -
        M-0228 | Athman Shee        | m | full_time  | sw | no  | -  | -
        M-0231 | Lilian Awuor       | f | full_time  | en | yes | -  | -
        M-0236 | Emmanuel Charo     | m | part_time  | sw | no  | -  | -
        M-0240 | George Ochola      | m | full_time  | en | no  | -  | 22
        M-0243 | Halima Kassim      | f | fixed_term | sw | no  | -  | 36
        M-0262 | Saida Mohamed      | f | full_time  | sw | yes | 30 | -
    """,
    "mombasa-floor": """
        M-0221 | Rashid Mwinyi      | m | full_time  | sw | no  | -  | -
        M-0226 | Janet Kadzo        | f | full_time  | sw | yes | -  | -
        M-0233 | Paul Ndolo         | m | full_time  | en | yes | -  | -
        M-0238 | Aisha Famau        | f | full_time  | sw | no  | -  | -
        M-0257 | Felix Katana       | m | full_time  | sw | no  | 50 | -
        M-0268 | Nuru Salim         | f | fixed_term | sw | no  | 1  | -
    """,
    "kisumu-lakeside": """
        K-0101 | Moses Ouma         | m | full_time  | en | yes | -  | -
        K-0104 | Beatrice Anyango   | f | full_time  | en | no  | -  | -
        K-0109 | Duncan Okello      | m | full_time  | sw | no  | -  | -
        K-0113 | Sharon Jelagat     | f | full_time  | en | yes | -  | -
        K-0116 | Phoebe Nafula      | f | full_time  | en | no  | -  | -
        K-0120 | Isaac Amukoya      | m | full_time  | sw | yes | -  | -
        K-0127 | Calvin Owuor       | m | fixed_term | en | no  | 45 | -
    """,
    "nairobi-delivery": """
        D-0102 | Patrice Ilunga     | m | full_time  | fr | yes | -  | -
        D-0105 | Stephen Kilonzo    | m | full_time  | sw | no  | -  | -
        D-0108 | Yusuf Adan         | m | full_time  | sw | no  | -  | -
        D-0112 | Gladys Moraa       | f | full_time  | en | yes | -  | -
        D-0115 | Anthony Wafula     | m | full_time  | sw | no  | -  | -
    """,
    "mombasa-delivery": """
        D-0203 | Omar Mzee          | m | full_time  | sw | no  | -  | -
        D-0206 | Mary Dzame         | f | full_time  | sw | yes | -  | -
        D-0209 | Titus Kimeu        | m | full_time  | en | no  | -  | -
        D-0211 | Ali Bashir         | m | full_time  | sw | no  | -  | -
        D-0218 | Geoffrey Rono      | m | fixed_term | en | no  | 35 | -
    """,
    "support-phone": """
        S-0312 | Joyce Muthoni      | f | full_time  | en | yes | -  | -
        S-0316 | Nicholas Simiyu    | m | full_time  | en | yes | -  | -
        S-0319 | Farida Abdalla     | f | full_time  | sw | yes | -  | -
        S-0324 | Oscar Otiende      | m | full_time  | en | yes | -  | -
        S-0328 | Diana Cherono      | f | part_time  | en | yes | -  | -
    """,
    "support-chat": """
        S-0331 | Khadija Warsame    | f | full_time  | en | yes | -  | -
        S-0335 | Aline Mukamana     | f | full_time  | fr | yes | -  | -
        S-0338 | Martin Opiyo       | m | full_time  | en | yes | -  | -
        S-0342 | Kavita Pindoria    | f | full_time  | en | yes | -  | -
        S-0357 | Ian Gitonga        | m | fixed_term | en | yes | 26 | -
    """,
    "complaints-desk": """
        S-0314 | Agnes Wanza        | f | full_time  | en | yes | -  | -
        S-0321 | Robert Muriuki     | m | full_time  | en | yes | -  | -
        S-0326 | Hawa Dida          | f | full_time  | sw | yes | -  | -
        S-0333 | Philip Kibet       | m | full_time  | en | yes | -  | -
        S-0337 | Lydia Kemunto      | f | full_time  | en | yes | -  | -
    """,
}

# Job titles of those who do not simply carry their team's title.
TITLES = {
    "H-0001": "Country director",
    "H-0007": "Head of people",
    "H-0011": "Systems administrator",
    "H-0014": "Nairobi area manager",
    "H-0018": "Store manager, Westlands",
    "H-0021": "Store manager, Mombasa",
    "H-0023": "Store manager, Kisumu Lakeside",
    "H-0026": "Head of the support centre",
    "H-0029": "Head of delivery",
    "N-0107": "Tills manager",
    "N-0131": "Floor manager",
    "M-0204": "Tills manager",
    "M-0212": "Floor manager",
    "S-0301": "Phone team manager",
    "S-0305": "Chat team manager",
    "S-0309": "Complaints desk manager",
}
ROLES = {"H-0007": ("hr",), "H-0011": ("admin",)}

# Who manages which team: team, staff number, weeks before this Monday when it began and ended (None = years ago, open).
MANAGERS: tuple[tuple[str, str, int | None, int | None], ...] = (
    ("zawadora", "H-0001", None, None),
    ("head-office", "H-0001", None, None),
    ("nairobi", "H-0014", None, None),
    ("nairobi-central", "H-0014", None, None),
    ("nairobi-central-tills", "N-0107", None, None),
    ("nairobi-central-floor", "N-0131", None, None),
    ("westlands", "H-0018", None, None),
    ("mombasa", "H-0021", None, None),
    ("mombasa-tills", "M-0204", None, None),
    ("mombasa-floor", "M-0204", None, 34),
    ("mombasa-floor", "M-0212", 34, None),
    ("kisumu-lakeside", "H-0023", None, None),
    ("delivery", "H-0029", None, None),
    ("nairobi-delivery", "H-0029", None, None),
    ("mombasa-delivery", "H-0029", None, None),
    ("support-centre", "H-0026", None, None),
    ("support-phone", "S-0301", None, None),
    ("support-chat", "S-0305", None, None),
    ("complaints-desk", "S-0309", None, None),
)

# Deputies: who is away, who acts, first day away and first day back, counted from this week's Monday.
DEPUTIES: tuple[tuple[str, str, int, int], ...] = (
    ("M-0204", "M-0212", -140, -126),
    ("H-0023", "K-0101", -91, -81),
    ("N-0107", "N-0131", -210, -196),
    ("H-0029", "H-0018", -4, 11),
)
