"""Keep what customers are asked, in versions

Revision ID: 0006
Revises: 0005
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW_DRIVERS = {
    "offer_clear": "Clear what is on offer",
    "benefit_clear": "Clear what is in it for me",
    "first_impression": "First impression",
    "use_explained": "Use explained",
}
# Key -> praise in English, Swahili and French, then the wish in the same three.
WORDS = {
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
EMOTIONS = ["cared_for", "at_ease", "delighted", "rushed", "confused", "frustrated"]


def upgrade():
    op.create_table(
        "survey_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('pre_purchase', 'purchase', 'post_purchase')", name=op.f("ck_survey_version_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint("stage", "number", name=op.f("uq_survey_version_stage_number")),
    )
    op.add_column("driver", sa.Column("words", sa.JSON(), nullable=True))
    op.add_column("driver", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    # In the words of both databases: on SQLite a batch would make the whole table anew, and lose its other checks.
    op.execute(
        "ALTER TABLE rating ADD COLUMN effort INTEGER CONSTRAINT ck_rating_effort CHECK (effort BETWEEN 1 AND 5)"
    )
    op.execute(
        "ALTER TABLE rating ADD COLUMN survey_version_id INTEGER "
        "CONSTRAINT fk_rating_survey_version_id REFERENCES survey_version (id)"
    )
    _add_questions(op.get_bind())


def _add_questions(connection):
    """The first version of each stage. What a company had added itself was asked everywhere, and goes on being asked."""
    driver = sa.table("driver", sa.column("id"), sa.column("key"), sa.column("name"))
    known = dict(connection.execute(sa.select(driver.c.key, driver.c.name).order_by(driver.c.id)).all())
    missing = [{"key": key, "name": name} for key, name in NEW_DRIVERS.items() if key not in known]
    if missing:
        op.bulk_insert(driver, missing)
    own = [_worded(key, [name[:40]] * 6) for key, name in known.items() if key not in WORDS]
    version = sa.table(
        "survey_version",
        sa.column("stage"),
        sa.column("number"),
        sa.column("content", sa.JSON),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    contents = {
        stage: {
            "question": {},
            "drivers": [*(_worded(key, WORDS[key]) for key in keys), *own],
            "emotions": EMOTIONS,
            "effort": stage == "post_purchase",
            "comment": True,
        }
        for stage, keys in ASKED.items()
    }
    at = datetime.now(UTC)
    op.bulk_insert(
        version,
        [{"stage": stage, "number": 1, "content": content, "created_at": at} for stage, content in contents.items()],
    )


def _worded(key, words):
    languages = ("en", "sw", "fr")
    return {
        "key": key,
        "praise": dict(zip(languages, words[:3], strict=True)),
        "wish": dict(zip(languages, words[3:], strict=True)),
    }


def downgrade():
    with op.batch_alter_table("rating") as batch_op:
        batch_op.drop_column("survey_version_id")
        batch_op.drop_column("effort")
    with op.batch_alter_table("driver") as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("words")
    op.drop_table("survey_version")
