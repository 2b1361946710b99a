"""What sci-text offers: cleaning, bag of words, tokens, augmentation, and the growth of vocabularies."""

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
            name="deduplicate",
            summary="Drop training rows whose text repeats, or nearly repeats, an earlier one",
            target="sci_text.repetition:Deduplicate",
            config="sci_text.config:DeduplicateConfig",
            accepts=("text",),
            cite="sci_text.works:RESEMBLANCE",
        ),
        ComponentSpec(
            name="bag-of-words",
            summary="Weighted counts of the most widespread words or character sequences",
            target="sci_text.bag_of_words:BagOfWords",
            config="sci_text.config:BagOfWordsConfig",
            accepts=("text",),
            cite="sci_text.works:TFIDF",
        ),
        tokens(
            "wordpiece", "Pieces of words, the longest known ones", "subwords:WordPiece", "LearnedConfig", "WORDPIECE"
        ),
        tokens("bpe", "Byte-pair encoding, on bytes of UTF-8", "subwords:Bpe", "BpeConfig", "BPE"),
        tokens("unigram", "Pieces of words by their probability", "unigram:Unigram", "LearnedConfig", "UNIGRAM"),
        tokens("characters", "Every character as a token", "units:Characters", "CharactersConfig"),
        tokens("words", "Every word as a token; Chinese through jieba", "units:Words", "WordsConfig"),
        tokens("tokenizer", "A pretrained tokenizer.json", "pretrained:Pretrained", "TokenizerConfig"),
        *augmentation(),
    ]


@hookimpl
def sci_analyses() -> list[ComponentSpec]:
    """What texts are made of."""
    return [
        ComponentSpec(
            name="vocabulary-growth",
            summary="Different words against words read, and the share of words that training rows do not have",
            target="sci_text.growth:VocabularyGrowth",
            config="sci_text.config:VocabularyGrowthConfig",
            cite="sci_text.works:HEAPS",
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_text.conformance import cases

    return [*cases()]


def tokens(name: str, summary: str, target: str, config: str, work: str = "") -> ComponentSpec:
    """A step from text to tokens."""
    return ComponentSpec(
        name=name,
        summary=summary,
        target=f"sci_text.{target}",
        config=f"sci_text.token_config:{config}",
        accepts=("text",),
        cite=f"sci_text.works:{work}" if work else "",
    )


def augmentation() -> list[ComponentSpec]:
    """Steps that change training rows anew in each epoch."""
    package = "sci_text.augmentation"
    return [
        ComponentSpec(
            name="token-dropout",
            summary="Augmentation: leave words or tokens of training rows out by chance",
            target=f"{package}.dropout:TokenDropout",
            config=f"{package}.config:AugmentationConfig",
            accepts=("text", "tokens"),
            cite="sci_text.works:WORD_DROPOUT",
        ),
        ComponentSpec(
            name="swap",
            summary="Augmentation: let words or tokens of training rows change places",
            target=f"{package}.swap:Swap",
            config=f"{package}.config:SwapConfig",
            accepts=("text", "tokens"),
            cite="sci_text.works:EASY_AUGMENTATION",
        ),
        ComponentSpec(
            name="synonyms",
            summary="Augmentation: replace words of training rows by others of a list",
            target=f"{package}.synonyms:Synonyms",
            config=f"{package}.config:SynonymsConfig",
            accepts=("text",),
            cite="sci_text.works:SYNONYMS",
        ),
    ]
