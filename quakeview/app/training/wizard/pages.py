"""The steps of the wizard, in their order; a new one adds its line here."""

from quakeview.app.training.wizard.catalogue_page import CataloguePage, CatalogueReader
from quakeview.app.training.wizard.data_page import DataPage
from quakeview.app.training.wizard.days_page import DaysPage
from quakeview.app.training.wizard.estimate_page import EstimatePage
from quakeview.app.training.wizard.goal_page import GoalPage
from quakeview.app.training.wizard.library_page import LibraryPage
from quakeview.app.training.wizard.looks import Looks
from quakeview.app.training.wizard.model_page import ModelPage
from quakeview.app.training.wizard.page import WizardContext, WizardPage
from quakeview.app.training.wizard.region_page import RegionPage
from quakeview.app.training.wizard.rock_page import RockPage
from quakeview.app.training.wizard.settings_page import SettingsPage
from quakeview.app.training.wizard.split_page import SplitPage
from quakeview.app.training.wizard.start_page import StartPage
from quakeview.app.training.wizard.wizard import TrainingWizard


def make_pages(context: WizardContext) -> list[WizardPage]:
    """Return all pages; the wizard shows those that are for the plan."""
    looks, reader = Looks(context.runner), CatalogueReader()
    return [
        GoalPage(),
        RegionPage(),
        RockPage(),
        LibraryPage(),
        DataPage(looks, context.runner),
        SplitPage(looks),
        CataloguePage(reader),
        DaysPage(reader),
        ModelPage(context),
        SettingsPage(),
        EstimatePage(context),
        StartPage(context),
    ]


def make_wizard(context: WizardContext) -> TrainingWizard:
    """Return the wizard with all its pages."""
    wizard = TrainingWizard(make_pages(context))
    for page in wizard.pages:
        if isinstance(page, StartPage):
            page.started.connect(wizard.started)
    return wizard
