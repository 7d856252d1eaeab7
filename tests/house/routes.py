"""`python -m tests.house.routes` writes the reviewed table of routes anew."""

from tests.house.test_routes import TABLE, table_of
from tracker import create_app

if __name__ == "__main__":
    TABLE.write_text("\n".join(table_of(create_app())) + "\n", encoding="utf-8")
