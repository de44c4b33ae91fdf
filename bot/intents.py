"""What the classifier of intents looks at: the row of features of the sentence, and no more.

Rasa counts for each word of a message too, and joins rows in copies of copies. The classifier takes the row of the
sentence alone, so at the time of a turn nothing else is made; the answers are the same. Training goes on as it did.
"""

from __future__ import annotations

from typing import Any

from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack

_counted_by_rasa = CountVectorsFeaturizer._create_features
_joined_by_rasa = LogisticRegressionClassifier._create_X


def counted(self: CountVectorsFeaturizer, attribute: str, all_tokens: list[list[str]]) -> tuple[list[Any], list[Any]]:
    """Per message what each word counts (nothing) and what the sentence counts; takes the place of Rasa's."""
    if attribute != TEXT or not all(all_tokens):
        return _counted_by_rasa(self, attribute, all_tokens)
    rows = self.vectorizers[attribute].transform([" ".join(tokens) for tokens in all_tokens])
    rows.sort_indices()
    return [None] * len(all_tokens), [rows[number] for number in range(len(all_tokens))]


def joined(self: LogisticRegressionClassifier, messages: list[Message]) -> csr_matrix:
    """The features of one message in one row; takes the place of Rasa's."""
    rows = [
        each.features
        for message in messages
        for each in message.features
        if each.attribute == TEXT and each.type == FEATURE_TYPE_SENTENCE
    ]
    if len(messages) != 1 or not rows:
        return _joined_by_rasa(self, messages)
    return hstack(rows, format="csr")


def install() -> None:
    """Put both in the place of Rasa's. Called once, before the engine starts."""
    CountVectorsFeaturizer._create_features = counted  # type: ignore[method-assign]
    LogisticRegressionClassifier._create_X = joined  # type: ignore[method-assign]
