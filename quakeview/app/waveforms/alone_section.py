"""The part of the inspector that says what one station alone tells of an earthquake."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.widgets.sections import Section
from quakeview.single_station.answers_text import TITLES, estimate_text
from quakeview.single_station.estimates import NETWORK, RULE, Answer

if TYPE_CHECKING:
    from quakeview.single_station.characterising import Characterisation


class AloneSection(Section):
    """What counts stands first; what the other one says, and why one says nothing, below it."""

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__("This station alone")
        self.use = QToolButton()
        self.use.setDefaultAction(registry["picks.use_polarity"])
        self.use.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.layout_.addWidget(self.use)
        self.hide()

    def show_nothing(self) -> None:
        """Nobody asked."""
        self.hide()

    def show_sentence(self, sentence: str) -> None:
        """Why there is no answer, or that it is on its way."""
        self.set_role("caption")
        self.big.setText(sentence)
        self.show_rows([])
        self.use.hide()
        self.show()

    def show_answers(self, said: "Characterisation") -> None:
        """What the station says."""
        self.set_role("value")
        time = said.p.time.strftime("%H:%M:%S.%f")[:-4]
        self.big.setText(f"{escape('.'.join(part for part in said.station[:2] if part))}&nbsp; P {time}")
        rows = [(TITLES[task], answer_text(answer)) for task, answer in said.answers.items()]
        self.show_rows([*rows, ("Network", said.model or "none"), ("Scores", _scores(said))])
        self.use.setVisible(said.answers["polarity"].best is not None)
        self.show()


def answer_text(answer: Answer) -> str:
    """``34 ± 4 km (rule)`` and, below, what the other one says."""
    lines = []
    for source in sorted((RULE, NETWORK), key=lambda source: source != answer.chosen):
        said, reason = answer.of(source), answer.rule_reason if source == RULE else answer.network_reason
        lines.append(reason if said is None else f"{estimate_text(answer.task, said)} ({_who(source, said.method)})")
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _who(source: str, method: str) -> str:
    return f"rule: {method}" if source == RULE else "network"


def _scores(said: "Characterisation") -> str:
    """How good rule and network were on held-out records; that this was not measured, if it was not."""
    if not said.model:
        return ""
    return "\n".join(said.scores.values()) or "not measured"
