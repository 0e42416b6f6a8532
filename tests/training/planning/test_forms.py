"""Forms come from the dataclasses of run files: what is written is a value, and what is none is a sentence."""

from dataclasses import fields

import pytest

from quakeview.errors import QuakeViewError
from quakeview.training import forecaster_config, record_config
from quakeview.training.config import TrainingConfig
from quakeview.training.planning.forms import form_fields


@pytest.mark.parametrize("cls", [TrainingConfig, record_config.WindowConfig, forecaster_config.WindowConfig])
def test_every_value_of_a_run_file_has_a_field_with_a_sentence(cls: type) -> None:
    made = form_fields(cls)
    assert [field.name for field in made] == [field.name for field in fields(cls)]
    for field in made:
        assert len(field.help) > 10, field.name


@pytest.mark.parametrize(
    ("config", "changed"),
    [(TrainingConfig(max_minutes=5), "learning_rate"), (record_config.WindowConfig(), "stretch_range")],
)
def test_what_a_form_shows_means_the_same_value(config: object, changed: str) -> None:
    for field in form_fields(type(config)):
        value = getattr(config, field.name)
        assert field.value(field.text(value)) == value, field.name
    assert changed in {field.name for field in form_fields(type(config))}


@pytest.mark.parametrize(
    ("cls", "name", "text", "sentence"),
    [
        (TrainingConfig, "batch_size", "many", "Batch size must be a whole number, not 'many'"),
        (TrainingConfig, "batch_size", "", "Batch size must be a whole number"),
        (TrainingConfig, "learning_rate", "1e-3 or so", "Learning rate must be a number"),
        (TrainingConfig, "schedule", "wild", "Schedule must be one of cosine, triangular, constant, tenth"),
        (record_config.WindowConfig, "stretch_range", "2", "must be 2 numbers with a comma between, not '2'"),
    ],
)
def test_what_is_no_value_is_a_sentence(cls: type, name: str, text: str, sentence: str) -> None:
    [field] = form_fields(cls, (name,))
    with pytest.raises(QuakeViewError, match=sentence):
        field.value(text)


def test_what_may_be_missing_may_be_empty() -> None:
    [field] = form_fields(TrainingConfig, ("max_steps",))
    assert field.value("  ") is None
    assert field.value("12") == 12
