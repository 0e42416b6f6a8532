"""The steps of the wizard, in their order; a new one adds its line here."""

from quakeview.app.training.wizard.data_page import DataPage
from quakeview.app.training.wizard.goal_page import GoalPage
from quakeview.app.training.wizard.looks import Looks
from quakeview.app.training.wizard.page import WizardContext, WizardPage
from quakeview.app.training.wizard.split_page import SplitPage


def make_pages(context: WizardContext) -> list[WizardPage]:
    """Return all pages; the wizard shows those that are for the plan."""
    looks = Looks(context.runner)
    return [GoalPage(), DataPage(looks), SplitPage(looks)]
