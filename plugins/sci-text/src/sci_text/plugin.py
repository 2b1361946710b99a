"""What sci-text offers: cleaning, bag of words, and tokens."""

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
        tokens(
            "wordpiece", "Pieces of words, the longest known ones", "subwords:WordPiece", "LearnedConfig", "WORDPIECE"
        ),
        tokens("bpe", "Byte-pair encoding, on bytes of UTF-8", "subwords:Bpe", "BpeConfig", "BPE"),
        tokens("characters", "Every character as a token", "units:Characters", "CharactersConfig"),
        tokens("words", "Every word as a token; Chinese through jieba", "units:Words", "WordsConfig"),
        tokens("tokenizer", "A pretrained tokenizer.json", "pretrained:Pretrained", "TokenizerConfig"),
        ComponentSpec(
            name="mask-tokens",
            summary="Hide some tokens, and make what they were the target",
            target="sci_text.masking:MaskTokens",
            config="sci_text.config:MaskTokensConfig",
            accepts=("tokens",),
            cite="sci_text.works:BERT",
        ),
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
