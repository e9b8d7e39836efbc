"""The app's own themes: dark, light and high contrast; the heat maps' colours go with them (paint.palette)."""

from __future__ import annotations

from textual.theme import Theme

from rnntui.paint.palette import Theme as ThemeName

THEMES: dict[ThemeName, Theme] = {
    "dark": Theme(
        name="rnntui-dark",
        primary="#7aa2d6",
        secondary="#8fb8a8",
        accent="#ffd84d",
        warning="#ffd84d",
        error="#ef7f7f",
        success="#8fc98f",
        foreground="#d8dee6",
        background="#14161c",
        surface="#191c23",
        panel="#21252e",
        dark=True,
        variables={"border": "#3a4654", "border-blurred": "#2b3541", "text-muted": "#93a1b0"},
    ),
    "light": Theme(
        name="rnntui-light",
        primary="#2a5d9c",
        secondary="#2f6f5c",
        accent="#6d28d9",
        warning="#9a4a00",
        error="#b3261e",
        success="#2e7d32",
        foreground="#1b2026",
        background="#fbfaf7",
        surface="#f4f2ec",
        panel="#eae7df",
        dark=False,
        variables={"border": "#b3ada0", "border-blurred": "#d2cdc2", "text-muted": "#5d6470"},
    ),
    "contrast": Theme(
        name="rnntui-contrast",
        primary="#ffffff",
        secondary="#ffffff",
        accent="#ffff00",
        warning="#ffff00",
        error="#ff8080",
        success="#80ff80",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1a1a1a",
        dark=True,
        variables={"border": "#ffffff", "border-blurred": "#8c8c8c", "text-muted": "#e0e0e0"},
    ),
}


def page(name: str) -> tuple[str, str]:
    """Background and foreground under the palette that goes with a Textual theme's name."""
    theme = THEMES[short(name)]
    return str(theme.background), str(theme.foreground)


def short(name: str) -> ThemeName:
    """The palette that goes with a Textual theme's name; themes that are not ours get the dark one."""
    return next((key for key, theme in THEMES.items() if theme.name == name), "dark")
