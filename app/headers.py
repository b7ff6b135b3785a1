"""What every answer tells the browser to refuse: other hosts, frames, inline scripts, caching of people's words."""

import re
import secrets

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.assets import is_current

YEAR = 365 * 24 * 3600


class CookieOfPages(SecureCookieSessionInterface):
    """Flask's cookie, which is prolonged with every answer; but never with a file: that is for everybody, and caches
    between us and the browser may keep it. For the API there is none, whatever a browser sends: it goes by tokens.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return self.session_class() if is_api(request.path) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static" and not is_api(request.path):
            super().save_session(app, session, response)


def is_api(path: str) -> bool:
    return path.startswith("/api/")


def init_headers(app: Flask) -> None:
    app.session_interface = CookieOfPages()
    app.add_template_global(csp_nonce)
    app.after_request(add_headers)


def csp_nonce() -> str:
    """The number that lets this answer's own script elements run; another one for each request."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def add_headers(response: Response) -> Response:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    if request.endpoint != "static":
        headers["Content-Security-Policy"] = _policy()
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cache-Control"] = "no-store"
        return response
    # A file that somebody opens by itself, such as a picture, may do nothing: a page's long policy would say no more.
    headers["Content-Security-Policy"] = "default-src 'none'"
    headers.pop("Content-Disposition", None)  # "inline", which goes without saying
    if response.status_code in (200, 304) and is_current(_static_file(), request.args.get("v")):
        headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _policy() -> str:
    # 'self' covers web sockets of the same host in new browsers only, so they are named.
    # As it was sent: request.host refuses one that is not trusted, and its answer of 400 has a policy too.
    sent = request.headers.get("Host", "")
    host = sent if re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", sent) else ""
    sockets = f" ws://{host} wss://{host}" if host else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{csp_nonce()}' 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "media-src 'self'",
            "manifest-src 'self'",
            f"connect-src 'self'{sockets}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _static_file() -> str:
    return str((request.view_args or {}).get("filename", ""))
