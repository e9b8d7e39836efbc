"""The one kind of error that is meant for people: a sentence that says what, where and what to do."""


class BadInput(ValueError):
    """Something from outside (a text, a file, an option, a scene) that cannot be used, in one clear sentence.

    The command line prints it and exits with 2; the app shows it and goes on. Never raised for a fault of our own.
    """
