"""The style guide: everything is on it, in colours that can be read, and it is nowhere in production."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app import create_app
from app.assets import STATIC
from app.libraries import ICONS
from app.server import begin
from tests.browser.conftest import Meet
from tests.browser.people import Person

PHONE_WIDTH, LAPTOP_WIDTH = 390, 1440

# What a component's state is called in the style sheets: a row for each in which the guide has to show it.
STATES = (
    ".button.is-primary",
    ".button.is-danger.is-primary:disabled",
    ".field [aria-invalid=true] ~ .field-error",
    ".chip[aria-pressed=true]",
    ".clock.is-running .clock-ring",
    ".clock.is-short .clock-time",
    ".clock.is-over .clock-time",
    ".clock.is-paused .clock-time",
    ".clock.is-off .clock-none",
    ".turn.is-mine",
    ".turn.is-over",
    ".phase.is-done + .phase.is-current",
    ".face.is-muted",
    ".person.has-turn .face",
    ".persons.is-waiting .person",
    ".entry.is-mine",
    ".entry.is-new",
    ".entry.is-pending",
    ".star.is-on",
    ".composer.is-pinned",
    ".listening-title",
    ".turn-card.is-mine",
    ".ask-card.is-large",
    ".plan-action .plan-trigger",
    ".scale-step :checked",
    ".fold[open]",
    "mark",
)


def opens(meet: Meet, *, phone: bool = False, **context: Any) -> Person:
    cara = meet("Cara", phone=phone, **context)
    cara.goes_to("/styleguide")
    expect(cara.page.locator(".pair-ratio").first).to_be_visible()
    return cara


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_axe_finds_nothing(meet: Meet, phone: bool, scheme: str) -> None:
    cara = opens(meet, phone=phone, color_scheme=scheme)
    assert cara.page.evaluate("innerWidth") == (PHONE_WIDTH if phone else LAPTOP_WIDTH)
    cara.finds_nothing_wrong()


def test_every_token_is_shown(meet: Meet) -> None:
    tokens = re.findall(r"^\s+(--[\w-]+):", (STATIC / "css" / "tokens.css").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(tokens) > 40
    shown = opens(meet).page.locator(".token-name code").all_text_contents()
    assert sorted(shown) == sorted(set(tokens))


def test_every_icon_is_drawn(meet: Meet) -> None:
    page = opens(meet).page
    assert page.locator(".icons code").all_text_contents() == sorted(ICONS)
    sizes = page.locator(".icons use").evaluate_all("all => all.map(each => each.getBBox().height)")
    assert min(sizes) > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_pair_of_colours_has_too_little_contrast(meet: Meet, scheme: str) -> None:
    page = opens(meet, color_scheme=scheme).page
    assert page.locator(".pair-ratio").count() > 100
    assert page.locator(".pairs > li:has(.is-low)").all_text_contents() == []


def test_a_colour_that_is_too_light_is_told(meet: Meet) -> None:
    cara = meet("Cara")
    tokens = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    paler = re.sub(r"--ink-soft: #\w+;", "--ink-soft: #aaaaaa;", tokens, count=1)
    cara.page.route("**/css/tokens.css*", lambda route: route.fulfill(body=paler, content_type="text/css"))
    cara.goes_to("/styleguide")
    low = cara.page.locator(".token", has=cara.page.get_by_text("--ink-soft", exact=True)).locator(".is-low")
    expect(low.first).to_contain_text("too low")


def test_the_components_are_there_in_their_states(meet: Meet) -> None:
    page = opens(meet).page
    missing = [state for state in STATES if not page.locator(f".sample {state}").filter(visible=True).count()]
    assert missing == []
    assert page.evaluate("document.querySelectorAll('.sample-body > div:empty').length") == 0


def test_no_id_is_there_twice(meet: Meet) -> None:
    ids = opens(meet).page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert sorted(ids) == sorted(set(ids))


def test_the_switch_shows_what_the_system_would(meet: Meet) -> None:
    colours = """() => ['background-color', 'color', 'color-scheme'].map(
        name => getComputedStyle(document.documentElement).getPropertyValue(name))"""
    by_day, by_night = (opens(meet, color_scheme=scheme).page for scheme in ("light", "dark"))
    day, night = by_day.evaluate(colours), by_night.evaluate(colours)
    assert day[:2] != night[:2]
    by_day.get_by_role("button", name="Dark", exact=True).click()
    by_night.get_by_role("button", name="Light", exact=True).click()
    assert (by_day.evaluate(colours), by_night.evaluate(colours)) == ([*night[:2], "dark"], [*day[:2], "light"])
    by_day.get_by_role("button", name="As the system").click()
    assert by_day.evaluate(colours) == day


def test_dialogs_and_toasts_can_be_tried_out(meet: Meet) -> None:
    cara = opens(meet)
    cara.presses("A sheet on phones")
    expect(cara.page.get_by_role("dialog", name="Your desk")).to_be_visible()
    cara.finds_nothing_wrong()
    cara.page.keyboard.press("Escape")
    expect(cara.page.get_by_role("button", name="A sheet on phones")).to_be_focused()
    cara.presses("Show a toast")
    cara.sees("Parked. You will get it back in the brainstorm.")


def test_a_starter_fills_the_composer(meet: Meet) -> None:
    page = opens(meet).page
    composer = page.locator(".sample", has_text="Empty, with starters").last
    composer.get_by_role("button", name="Since when…").click()
    expect(composer.get_by_role("textbox")).to_have_value("Since when ")


def test_the_dots_stand_still_under_reduced_motion(meet: Meet) -> None:
    cara = opens(meet)
    cara.presses("Move the dots")
    moving = "document.getAnimations().filter(each => each.effect.target.matches('.token-dot')).length"
    assert cara.page.evaluate(moving) == 0


def test_in_production_there_is_no_style_guide(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'guide.db'}", "ASYNC_MODE": "threading"}
    assert create_app(**settings).test_client().get("/styleguide").status_code == 200
    production = create_app(**settings, INTERVISE_ENV="production")
    begin(production)
    assert production.test_client().get("/styleguide").status_code == 404
