"""The blueprint that the pages after the close hang on."""

from flask import Blueprint

followup = Blueprint("followup", __name__)
