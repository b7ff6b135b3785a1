"""Intervise: walks a small sales team through an intervision, live, beside the video call."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import get_locale
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, database
from app.accounts.routes import accounts
from app.addresses import Id
from app.api.pages import api_pages
from app.api.routes import api
from app.archive.routes import archive
from app.assets import init_assets
from app.compression import init_compression
from app.dashboard.routes import dashboard
from app.deliveries import commands as delivery_commands
from app.demo.page import demo
from app.errors import init_errors
from app.extensions import babel, best_locale, csrf, init_database, init_live, limiter
from app.followup import routes as _follow_ups  # noqa: F401 - it adds to the blueprint
from app.followup.pages import followup
from app.headers import init_headers
from app.lessons.routes import lessons
from app.operations.commands import operations
from app.operations.front import Front
from app.operations.logs import init_logs
from app.pages.routes import pages
from app.pages.styleguide import styleguide
from app.privacy.cli import init_commands
from app.privacy.routes import privacy
from app.server import hold_back
from app.sessions import (  # noqa: F401 - they add to the blueprint and to the socket
    exporting,
    live,
    record,
    review,
    room_page,
    theming,
)
from app.sessions.joining import joining
from app.sessions.planning import sessions
from app.teams import news  # noqa: F401 - it adds to the blueprint
from app.teams.routes import teams

ROOT = Path(__file__).parent.parent


def create_app(**overrides: Any) -> Flask:
    """Make the app. Settings come from the environment (app/config.py); `overrides` replace single ones.

    In production it answers nobody until `app.server` serves it. Raises config.BadSetting.
    """
    instance = config.instance_folder(ROOT)
    app = Flask(__name__, instance_path=str(instance))
    app.config.from_mapping(config.load(instance))
    app.config.update(overrides, ROOT=ROOT)
    app.config["SQLALCHEMY_ENGINES"] = {"default": database.engine_options(app.config["DATABASE_URL"])}
    bind_extensions(app)
    register_pages(app)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.wsgi_app = Front(app, app.wsgi_app, trust_id=bool(proxies))  # type: ignore[method-assign]
    hold_back(app)
    return app


def bind_extensions(app: Flask) -> None:
    init_database(app)
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=best_locale)
    app.add_template_global(get_locale)
    init_live(app)
    init_assets(app)
    init_errors(app)
    init_headers(app)
    init_compression(app)
    init_commands(app)
    app.cli.add_command(delivery_commands.deliver)
    init_logs(app)


def register_pages(app: Flask) -> None:
    """Every blueprint, one line each."""
    app.url_map.converters["int"] = Id
    app.register_blueprint(operations)
    app.register_blueprint(pages)
    app.register_blueprint(accounts)
    app.register_blueprint(joining)
    app.register_blueprint(sessions)
    app.register_blueprint(privacy)
    app.register_blueprint(teams)
    app.register_blueprint(archive)
    app.register_blueprint(followup)
    app.register_blueprint(lessons)
    app.register_blueprint(dashboard)
    app.register_blueprint(api)
    app.register_blueprint(api_pages)
    if app.config["INTERVISE_ENV"] != "production":
        app.register_blueprint(demo)
        app.register_blueprint(styleguide)
