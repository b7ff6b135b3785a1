"""Mia, who moderates."""

import pytest
from flask import Flask

from app.accounts.models import Account
from tests.visitor import make_account


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")
