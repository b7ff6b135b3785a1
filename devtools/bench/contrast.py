"""Contrast as WCAG 2.2 defines it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). Pure.

A colour is (red, green, blue, alpha), each from 0 to 255.
"""

from collections.abc import Sequence

Colour = Sequence[float]
WHITE: Colour = (255, 255, 255, 255)


def ratio(one: Colour, other: Colour) -> float:
    """The contrast of two opaque colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def over(top: Colour, below: Colour) -> Colour:
    """What is seen where `top` lies over the opaque `below`."""
    share = top[3] / 255
    return (*(share * upper + (1 - share) * lower for upper, lower in zip(top[:3], below[:3], strict=True)), 255)


def ground(layers: Sequence[Colour]) -> Colour:
    """What is seen of backgrounds that lie over each other, the uppermost first, on white paper."""
    seen = WHITE
    for layer in reversed(layers):
        seen = over(layer, seen)
    return seen


def written(colour: Colour) -> str:
    """A colour as CSS writes it, without its alpha."""
    return "#" + "".join(f"{round(part):02x}" for part in colour[:3])
