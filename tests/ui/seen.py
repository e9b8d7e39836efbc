"""What a person sees of the app."""


def shown(app, pane):
    """The text of a pane."""
    return app.activity.query_one(f"#{pane}").painting().text()


def notices(app):
    """Every notice so far, the newest last."""
    return [notice.message for notice in app._notifications]


def top(app):
    """The line above the screen."""
    return app.activity.query_one("TopLine").render().plain.rstrip()
