"""Mia has an account and may invite others; Stan is a stranger."""

import pytest
from flask import Flask

from app.accounts.models import Account
from tests.visitor import Visitor, make_account


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia", admin=True)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def signed_in(app: Flask, mia: Account) -> Visitor:
    """Mia's browser."""
    browser = Visitor(app)
    browser.sign_in(mia)
    return browser
