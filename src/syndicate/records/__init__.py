"""The database: models, migrations and named queries. Only here is SQL or ORM known; callers get frozen values."""
