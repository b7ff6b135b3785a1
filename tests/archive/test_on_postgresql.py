"""The archive on PostgreSQL, with the tables that the migrations make."""

from pathlib import Path

from app import create_app
from app.archive import search
from app.archive.search import SORTS, Wanted
from app.database import migrate
from app.extensions import db
from app.teams.models import MemberKind, Membership, Team
from tests.sessions.cast import Cast
from tests.visitor import make_account


def test_fay_finds_what_she_may_read(postgres_url: str, tmp_path: Path) -> None:
    url = postgres_url.replace("postgresql://", "postgresql+psycopg2://")
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    app.instance_path = str(tmp_path)
    with app.app_context():
        migrate(app, db.engine)
        mia = make_account("Mia")
        for visibility in ("room", "process", "facilitators"):
            cast = Cast(mia, title=f"For {visibility}: 10% & Café", visibility=visibility).run_up_to("lessons")
            cast.does("Mia", "themes", themes=["Price"])
            cast.go_to("closed")
        db.session.rollback()
        fay = make_account("Fay")
        north = db.session.query(Team).one()
        db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
        db.session.commit()
        for sort in SORTS:
            names = {it.name for it in search.find(fay, Wanted(sort=sort)).sessions}
            assert names == {"For facilitators: 10% & Café", ""}
        assert [it.name for it in search.find(fay, Wanted("10% cafe decider")).sessions] == [
            "For facilitators: 10% & Café"
        ]
        assert search.find(fay, Wanted("price", theme="PRICE")).count == 2
        assert search.find(mia, Wanted("decider", owner="Otto", moderator=mia.id)).count == 3
        assert len(search.ids_of(mia, ["a\x00b", "\ud83d", cast.room().it.code])) == 1
        assert search.find(mia, Wanted(due=True, still_open=True)).count == 0
        db.session.rollback()
        db.engine.dispose()
