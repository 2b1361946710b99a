"""What sci-text offers: cleaning, bag of words, tokens, augmentation, models of text, and translation."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl

EXPERIMENTS = (
    "minilm-finetune",
    "pretrain-then-finetune",
    "question-type",
    "sentiment-en",
    "sentiment-zh",
    "sms-spam",
    "translate-en-de",
    "translate-en-zh",
)


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
def sci_tasks() -> list[ComponentSpec]:
    """What can be asked about texts."""
    return [
        ComponentSpec(
            name="seq2seq",
            summary="Which text answers this row? Translation, for one",
            target="sci_text.seq2seq:Seq2seq",
            config="sci_text.task_config:Seq2seqConfig",
            cite="sci_text.works:SEQ2SEQ",
        ),
    ]


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """Models of text, which all read tokens; rivals of a translator, for engine numpy."""
    return [
        model(
            "ngram-linear",
            "Linear scores of the n-grams of a text, weighed by class or by how rare they are",
            "ngram_linear:build",
            "NgramLinearConfig",
            "NBSVM",
        ),
        model(
            "text-cnn",
            "Convolutions over tokens, with word vectors where there are some",
            "text_cnn:build",
            "TextCnnConfig",
            "TEXT_CNN",
        ),
        model(
            "bilstm",
            "LSTM in both directions over tokens, with maximum or attention over the text",
            "bilstm:build",
            "BilstmConfig",
            "BILSTM",
        ),
        model("bert", "BERT: encoder from random or pretrained weights, with LoRA", "bert:build", "BertConfig", "BERT"),
        recalled("copy-source", "The tokens of the input as they are", "CopySource"),
        recalled("translation-memory", "The answer to the training row that is most alike", "TranslationMemory"),
    ]


@hookimpl
def sci_baselines() -> list[ComponentSpec]:
    """Cheap rivals, with the steps that they need."""
    return [
        ComponentSpec(
            name="copy-source",
            summary="The input itself",
            target="sci_text.baselines:CopySource",
            tasks=("seq2seq",),
        ),
        ComponentSpec(
            name="translation-memory",
            summary="The answer to the training row whose input is most alike",
            target="sci_text.baselines:TranslationMemory",
            tasks=("seq2seq",),
            cite="sci_text.works:TFIDF",
        ),
    ]


@hookimpl
def sci_experiments() -> dict[str, str]:
    """Experiments on text to begin with."""
    return {name: f"sci_text:experiments/{name}" for name in EXPERIMENTS}


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
        ComponentSpec(
            name="back-translate",
            summary="Augmentation: replace training texts by what two trained runs translate there and back",
            target=f"{package}.back_translation:BackTranslate",
            config=f"{package}.config:BackTranslateConfig",
            accepts=("text",),
            cite="sci_text.works:BACK_TRANSLATION",
        ),
    ]


def model(name: str, summary: str, target: str, config: str, work: str) -> ComponentSpec:
    """A model that is written for either engine, in modules of one name."""
    return ComponentSpec(
        name=name,
        summary=summary,
        target={engine: f"sci_text.{engine}.{target}" for engine in ("torch", "tensorflow")},
        config=f"sci_text.model_config:{config}",
        accepts=("tokens",),
        cite=f"sci_text.works:{work}",
    )


def recalled(name: str, summary: str, target: str) -> ComponentSpec:
    """A model that answers with texts that it was given."""
    return ComponentSpec(
        name=name,
        summary=summary,
        target={"numpy": f"sci_text.recall:{target}"},
        tasks=("seq2seq",),
        accepts=("tokens",),
        traits=frozenset({"fit-once", "no-loss"}),
    )
