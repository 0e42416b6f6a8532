"""``quakeview seismicity``: forecasts of seismicity from a catalogue, and what they are worth.

Each sub-command is a module of its own with ``add_arguments(parser)`` and ``main(options)``, which imports nothing
heavy before it runs.
"""

import argparse
from importlib import import_module

_SUB_COMMANDS = {
    "catalogue": (
        "say what is in files of earthquakes, or at a data centre, and write it in another format",
        "quakeview.seismicity.catalogue_command",
    ),
    "summary": (
        "say from where a catalogue is complete, its b-value and its clusters",
        "quakeview.seismicity.summary_command",
    ),
    "forecast": ("map the earthquakes to be expected after a day", "quakeview.seismicity.forecast_command"),
    "evaluate": (
        "say what forecasts are worth on days that they have not seen",
        "quakeview.training.reports.seismicity_command",
    ),
    "leak": (
        "show what a map that has seen the days of the test is worth, without learning",
        "quakeview.seismicity.scoring.leak_command",
    ),
    "etas": ("fit an ETAS model, print its law and keep it as a model", "quakeview.seismicity.etas_command"),
}
"""What each does, and its module."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.epilog = "'quakeview seismicity WHAT --help' explains each; 'quakeview train' trains forecasters."
    actions = parser.add_subparsers(metavar="WHAT", required=True, title="what to do")
    for name, (summary, module) in _SUB_COMMANDS.items():
        action = actions.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        import_module(module).add_arguments(action)
        action.set_defaults(module=module)


def main(options: argparse.Namespace) -> int:
    """Do what was asked for, and return the exit code.

    Raises:
        QuakeViewError: if it cannot be done.
    """
    code: int = import_module(options.module).main(options)
    return code
