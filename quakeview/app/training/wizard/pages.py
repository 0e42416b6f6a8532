"""The steps of the wizard, in their order; a new one adds its line here."""

from quakeview.app.training.wizard.goal_page import GoalPage
from quakeview.app.training.wizard.page import WizardContext, WizardPage


def make_pages(context: WizardContext) -> list[WizardPage]:
    """Return all pages; the wizard shows those that are for the plan."""
    return [GoalPage()]
