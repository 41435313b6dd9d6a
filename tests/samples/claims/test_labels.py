"""Label texts in features, however these are written down."""

from __future__ import annotations

from auditor.samples.claims.labels import feature_labels, labels_digest, saved_labels

YES = {"_type": "ClassLabel", "names": ["no", "yes"]}


def test_labels_are_found_in_lists_and_objects() -> None:
    assert feature_labels({"a": YES}) == {"a": ["no", "yes"]}
    for listed in ([YES], {"_type": "List", "feature": YES}, {"_type": "Sequence", "feature": YES}):
        assert feature_labels({"a": listed}) == {"a": ["no", "yes"]}
    assert feature_labels({"a": {"b": YES}}) == {"a.b": ["no", "yes"]}
    assert feature_labels({"a": {"class_label": {"names": {"0": "no", "1": "yes"}}}})


def test_a_column_called_names_holds_no_labels() -> None:
    assert feature_labels({"names": {"dtype": "string", "_type": "Value"}}) == {}


def test_the_order_of_the_columns_does_not_count_and_that_of_the_texts_does() -> None:
    assert labels_digest({"a": ["x"], "b": ["y"]}) == labels_digest({"b": ["y"], "a": ["x"]})
    assert labels_digest({"a": ["x", "y"]}) != labels_digest({"a": ["y", "x"]})


def test_two_labels_at_one_place_hide_neither() -> None:
    assert len(feature_labels({"a": {"feature": YES, "dtype": {"_type": "ClassLabel", "names": ["z"]}}})) == 2


def test_each_configuration_of_dataset_infos_is_read() -> None:
    assert list(saved_labels({"one": {"features": {"a": YES}}, "two": {"features": {}}})) == [
        {"a": ["no", "yes"]}
    ]
    assert list(saved_labels({"features": {"a": YES}})) == [{"a": ["no", "yes"]}]
    assert list(saved_labels(["damaged"])) == []
