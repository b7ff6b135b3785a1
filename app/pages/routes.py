"""The start page, and the word to a monitor that all is well."""

from flask import Blueprint, render_template
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.sessions.joining_forms import CodeForm

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> str:
    return render_template("home.html", form=CodeForm(formdata=None))


@pages.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    """200 "ok" while the database answers, else 503."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "the database does not answer\n", 503, {"Content-Type": "text/plain"}
    return "ok\n", 200, {"Content-Type": "text/plain"}
