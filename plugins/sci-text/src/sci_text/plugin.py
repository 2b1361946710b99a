"""What sci-text offers: cleaning, and bag of words."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """Steps from text towards a model; none of them needs a framework."""
    return [
        ComponentSpec(
            name="clean-text",
            summary="Normalize Unicode, white space, web addresses, numbers and markup",
            target="sci_text.cleaning:CleanText",
            config="sci_text.config:CleanTextConfig",
            accepts=("text",),
        ),
        ComponentSpec(
            name="bag-of-words",
            summary="Weighted counts of the most widespread words or character sequences",
            target="sci_text.bag_of_words:BagOfWords",
            config="sci_text.config:BagOfWordsConfig",
            accepts=("text",),
            cite="sci_text.works:TFIDF",
        ),
    ]
