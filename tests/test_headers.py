import re

from flask.testing import FlaskClient

from app.assets import STATIC
from app.libraries import LIBRARIES


def test_each_answer_has_a_nonce_of_its_own(client: FlaskClient):
    policies = [client.get("/nothing-here").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = {match[1] for policy in policies if (match := re.search(r"'nonce-([\w-]{20,})'", policy))}
    assert len(nonces) == 2


def test_the_policy_lets_nothing_run_that_is_not_ours(client: FlaskClient):
    policy = client.get("/nothing-here").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy


def test_a_crafted_host_adds_nothing_to_the_policy(client: FlaskClient):
    policy = client.get("/nothing-here", headers={"Host": "x;script-src *"}).headers["Content-Security-Policy"]
    assert "*" not in policy


def test_a_host_that_is_not_trusted_is_refused_and_not_an_error_of_ours(client: FlaskClient):
    client.application.config["TRUSTED_HOSTS"] = ["intervise.example.org"]
    assert client.get("/", headers={"Host": "elsewhere.example.org"}).status_code == 400
    assert client.get("/", headers={"Host": "intervise.example.org"}).status_code == 200


def test_pages_are_never_kept(client: FlaskClient):
    assert client.get("/nothing-here").headers["Cache-Control"] == "no-store"


def test_a_file_is_kept_for_good_under_its_present_version_only(client: FlaskClient, app):
    with app.test_request_context():
        current = app.jinja_env.globals["asset"]("vendor/preact.js")
    assert "immutable" in client.get(current).headers["Cache-Control"]
    assert client.get("/static/vendor/preact.js?v=older").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/vendor/preact.js").headers["Cache-Control"] == "no-cache"
    assert "immutable" not in client.get("/static/vendor/none.js?v=missing").headers.get("Cache-Control", "")


def test_a_file_carries_nobodys_cookie(client: FlaskClient):
    with client.session_transaction() as session:
        session.permanent = True
        session["seats"] = [[1, "a seat", 0]]
    assert "intervise=" in client.get("/").headers["Set-Cookie"]
    for address in ("/static/img/mark.svg", "/static/css/tokens.css"):
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_file_that_is_opened_by_itself_may_do_nothing(client: FlaskClient):
    assert client.get("/static/img/mark.svg").headers["Content-Security-Policy"] == "default-src 'none'"


def test_every_import_of_every_module_is_in_the_import_map(client: FlaskClient, app):
    with app.test_request_context():
        imports = app.jinja_env.globals["import_map"]()["imports"]
    assert set(LIBRARIES) <= set(imports)
    for address in imports.values():
        assert client.get(address).status_code == 200
    # Relative paths would work too, but without a version: browsers would mix old modules with new ones.
    wanted = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([\w@./-]+)["']""")
    for module in [*(STATIC / "room").rglob("*.js"), *(STATIC / "vendor").glob("*.js")]:
        assert set(wanted.findall(module.read_text())) <= set(imports), module.name
