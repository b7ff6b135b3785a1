"""What a webhook says, as JSON for programs, as a message for Slack, and as a card for Teams.

People's words stand where the receivers take them as they are: in Slack in `plain_text`, in Teams in a `TextRun`. In
either one's own markup a word could become a link, or call the whole channel.
Sources: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and its Block Kit (3,000 characters in a
text); Microsoft Learn, “Create an incoming webhook with Workflows for Microsoft Teams” (28 KB), and adaptivecards.io.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.addresses import public_url

MOST_POINTS = 10
LONGEST_POINT = 600
"""Characters; ten such points keep a card for Teams below its 28 KB in any script."""


@dataclass(frozen=True)
class Point:
    """Somebody's lesson: its words, the situation that it comes from, and a name; "" for what was not given."""

    id: str
    text: str
    situation: str = ""
    name: str = ""


@dataclass(frozen=True)
class News:
    """`type` is "lessons.shared", "check_in.due" or "test"; `title` one line of the app's own words; `link` leads to
    more, for who may see it.
    """

    type: str
    team: str
    title: str
    link: str
    link_label: str
    themes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()


def of_test() -> News:
    return News(
        type="test",
        team="",
        title=_("A test from Intervise: messages for your team arrive here."),
        link=public_url("pages.home"),
        link_label=_("Open Intervise"),
    )


def as_json(news: News, moment: datetime) -> dict[str, Any]:
    return {
        "type": news.type,
        "timestamp": moment.isoformat(),
        "data": {
            "team": news.team,
            "title": news.title,
            "link": news.link,
            "themes": list(news.themes),
            "lessons": [
                {"id": each.id, "text": each.text, "situation": each.situation, "name": each.name}
                for each in news.points
            ],
        },
    }


def as_slack(news: News, _moment: datetime) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [_plain_section(_headline(news))]
    blocks += [_plain_section(_in_one_text(each)) for each in news.points[:MOST_POINTS]]
    if more := _more(news):
        blocks.append({"type": "context", "elements": [_plain(more)]})
    button = {"type": "button", "text": _plain(news.link_label), "url": news.link, "action_id": "open"}
    # `text` is for notifications; it is read as markup, so it holds no more than our own sentence, escaped.
    return {"text": _escaped(news.title), "blocks": [*blocks, {"type": "actions", "elements": [button]}]}


def as_teams(news: News, _moment: datetime) -> dict[str, Any]:
    body = [_rich(_headline(news), strong=True)]
    body += [_rich(_in_one_text(each)) for each in news.points[:MOST_POINTS]]
    if more := _more(news):
        body.append(_rich(more))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": news.link_label, "url": news.link}],
    }
    content_type = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": content_type, "contentUrl": None, "content": card}]}


FORMATS: dict[str, Callable[[News, datetime], dict[str, Any]]] = {"json": as_json, "slack": as_slack, "teams": as_teams}


def _headline(news: News) -> str:
    return " · ".join((news.title, *news.themes))


def _in_one_text(point: Point) -> str:
    lines = [point.situation, f"“{point.text}”", f"– {point.name}" if point.name else ""]
    whole = "\n".join(filter(None, lines))
    return whole if len(whole) <= LONGEST_POINT else whole[: LONGEST_POINT - 1] + "…"


def _more(news: News) -> str:
    count = len(news.points) - MOST_POINTS
    return _("And %(count)s more.", count=count) if count > 0 else ""


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _plain_section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _plain(text)}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _rich(text: str, *, strong: bool = False) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text} | ({"weight": "Bolder"} if strong else {})
    return {"type": "RichTextBlock", "inlines": [run]}
