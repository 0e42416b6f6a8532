"""The part of the inspector that says what one station alone tells of an earthquake."""

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
        self.big.setText(f"{'.'.join(part for part in said.station[:2] if part)}  P {time}")
        rows = [(TITLES[task], answer_text(answer, said)) for task, answer in said.answers.items()]
        self.show_rows([*rows, ("Network", said.model or _why_no_network(said)), ("Scores", _scores(said))])
        self.use.setVisible(said.answers["polarity"].best is not None)
        self.show()


def answer_text(answer: Answer, said: "Characterisation") -> str:
    """``34 ± 4 km (rule: …)`` and, below, what the other one says, or why it says nothing."""
    lines = []
    for source in sorted((RULE, NETWORK), key=lambda source: source != answer.chosen):
        found, reason = answer.of(source), answer.rule_reason if source == RULE else answer.network_reason
        if source == NETWORK and not said.model:
            continue  # why there is none is told once, for all
        who = f"rule: {found.method}" if found and source == RULE else "network"
        lines.append(reason if found is None else f"{estimate_text(answer.task, found)} ({who})")
    return "\n".join(dict.fromkeys(lines))


def _why_no_network(said: "Characterisation") -> str:
    return next(iter(said.answers.values())).network_reason


def _scores(said: "Characterisation") -> str:
    """How good rule and network were on held-out records; that this was not measured, if it was not."""
    if not said.model:
        return ""
    return "\n".join(said.scores.values()) or "not measured"
