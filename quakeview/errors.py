"""Errors meant for the person at the screen."""


class QuakeViewError(Exception):
    """What went wrong and what to do about it, in one sentence.

    The window shows the text as it is and the command line prints it to stderr with exit code 1;
    the traceback, if there is a cause (``raise ... from``), goes to "details" and to the log.
    """


class QuakeViewWarning(UserWarning):
    """What was left out or is odd, in one sentence: a file that cannot be read, a station without picks.

    The functions of ``quakeview`` warn; the window and the command line show the same sentences.
    """
