"""The settings of the sources."""

from __future__ import annotations

import codecs
import itertools
import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from sci.api import ComponentConfig

GIB = 2**30


def _written(value: Any) -> Any:
    """YAML reads -999 as a number; what counts here is the text that stands in the cell."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Cell = Annotated[str, BeforeValidator(_written)]


class FileConfig(ComponentConfig):
    """What every file has."""

    path: str = ""
    """The file, relative to the experiment file. Left out where `split: {name: predefined, files: ...}` names the
    files."""

    max_bytes: int = Field(4 * GIB, gt=0)
    """Stop when the file holds more bytes than this after unpacking."""


class TextConfig(FileConfig):
    """What every text file has. A file whose name ends in `.gz` is unpacked."""

    encoding: str = "utf-8"
    """How characters are stored: utf-8, latin-1, cp1252, utf-16, gb18030. A byte order mark is not part of the text."""

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, encoding: str) -> str:
        try:
            codec = codecs.lookup(encoding)
            codec.incrementaldecoder("strict").decode(b"", final=True).encode()
        except (LookupError, TypeError, AttributeError, UnicodeError):
            raise ValueError(
                f"no encoding is called `{encoding}`; known are utf-8, latin-1, cp1252, utf-16, gb18030"
            ) from None
        return codec.name


class CsvConfig(TextConfig):
    """How a file of cells and delimiters is read."""

    delimiter: str = ","
    """What stands between two cells: one ASCII character, or `whitespace` for any run of spaces and tabs."""

    quoting: Literal["double", "none"] = "double"
    """`double`: a cell that begins with " ends with the next single ", and "" inside stands for one ". `none`: " is a
    character like any other."""

    columns: tuple[str, ...] | None = None
    """Names of the columns of a file that has no line of names. All lines are then rows."""

    missing: tuple[Cell, ...] = ("",)
    """Cells with exactly this text are missing; an empty cell always is. Nothing else is: `N/A`, `null` and `-999`
    stay."""

    decimal: str = Field(".", min_length=1, max_length=1)
    """The character before the decimals of a number."""

    thousands: str | None = Field(None, min_length=1, max_length=1)
    """The character between groups of three digits, where there is one."""

    strings: tuple[str, ...] = ()
    """Columns that stay text whatever they look like, such as numbers that are names."""

    numbers: tuple[str, ...] = ()
    """Columns that are read as numbers even where digits or leading zeros are lost; any other cell in them is an
    error."""

    lists: tuple[str, ...] = ()
    """Columns of cells with several words, such as a sentence and the tags of its words: each cell becomes the list of
    what stands between blanks, an empty cell an empty list."""

    @field_validator("delimiter")
    @classmethod
    def _delimiter_is_one_character(cls, delimiter: str) -> str:
        if delimiter == "whitespace":
            return delimiter
        if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
            raise ValueError('a delimiter is one ASCII character such as ",", ";" or "\\t", or the word whitespace')
        return delimiter

    @field_validator("columns")
    @classmethod
    def _names_are_names(cls, columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if columns is None:
            return None
        if not columns:
            raise ValueError("`columns` is empty; leave it out when the file has a line of names")
        for name in columns:
            if not name or name != name.strip():
                raise ValueError(f"{name!r} is no name of a column: it is empty or begins or ends with a blank")
            if columns.count(name) > 1:
                raise ValueError(f"`columns` names `{name}` more than once")
        return columns

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError(f"`decimal` and `thousands` are both {self.decimal!r}")
        for one, other in itertools.combinations(("strings", "numbers", "lists"), 2):
            both = sorted(set(getattr(self, one)) & set(getattr(self, other)))
            if both:
                raise ValueError(f"`{both[0]}` is named by `{one}` and by `{other}`")
        return self


class TsvConfig(CsvConfig):
    """How a file of cells and tabs is read."""

    delimiter: str = "\t"
    """What stands between two cells."""


class ParquetConfig(FileConfig):
    """Which Parquet file is read."""


class JsonlConfig(TextConfig):
    """Which file of JSON objects is read, one object a line."""


class ConllConfig(TextConfig):
    """Which file of words and tags is read, one word a line."""

    columns: dict[str, int] = Field(default_factory=lambda: {"words": 1, "tags": -1}, min_length=1)
    """Columns of the result, and which column of the file each is: 1 is the first, -1 the last."""

    delimiter: str = Field("whitespace", min_length=1)
    """What stands between two columns: a text such as "\t", or `whitespace` for any run of spaces and tabs."""

    comment: str | None = Field(None, min_length=1)
    """Lines that begin so are left out, such as `"# "` in CoNLL-U; they end no sentence."""

    document: str | None = Field(None, min_length=1)
    """A column of this name says which document a sentence is of, where the file has lines `-DOCSTART-`; give it as
    `data.group`, and no document is in two parts of the split."""

    @model_validator(mode="after")
    def _columns_have_places(self) -> Self:
        nowhere = sorted(name for name, place in self.columns.items() if place == 0)
        if nowhere:
            raise ValueError(f"`{nowhere[0]}` is column 0; the first is 1, the last -1")
        if self.document in self.columns:
            raise ValueError(f"`{self.document}` is named by `columns` and by `document`")
        return self


class ArffConfig(TextConfig):
    """Which ARFF file is read."""


class ParallelConfig(TextConfig):
    """Files whose lines belong together: line 7 of one is the translation of line 7 of the other."""

    path: str = ""
    """Name of the files, with `*` where that of the column stands: `train.*.gz` for `train.en.gz` and `train.de.gz`.
    Left out where `split: {name: predefined, files: ...}` names the files. A name without `*` is one file alone, of the
    column that its name holds between points: `new.en`."""

    columns: tuple[str, ...] = Field(min_length=2)
    """Names of the columns, which are those of the files, too."""

    def kinds(self) -> dict[str, str]:
        """All columns are sentences, however few different ones there are."""
        return dict.fromkeys(self.columns, "text")

    @field_validator("columns")
    @classmethod
    def _names_are_parts_of_file_names(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        for name in columns:
            if not re.fullmatch(r"[\w-]+", name):
                raise ValueError(f"{name!r} is no part of a file's name: letters, digits, `_` and `-`")
            if columns.count(name) > 1:
                raise ValueError(f"`columns` names `{name}` more than once")
        return columns


class SklearnConfig(ComponentConfig):
    """Which of the data sets that come with scikit-learn is read."""

    dataset: Literal["iris", "wine", "breast-cancer", "digits", "diabetes", "linnerud"]
    """Its name."""

    def cites(self) -> tuple[str, ...]:
        """Where the data set was published; nobody published `linnerud`."""
        name = self.dataset.replace("-", "_").upper()
        return () if self.dataset == "linnerud" else (f"sci_data.works:{name}",)


class GeneratedConfig(ComponentConfig):
    """What is made up."""

    recipe: Literal["linear", "messages", "phrases", "questions", "reviews"] = "linear"
    """`linear`: y = intercept + coefficients x + noise, with x1, x2, ... standard normal. With columns `label` and
    `text`: `messages`, spam or ham; `questions`, by one of six kinds of answer; `reviews`, good or bad. `phrases`:
    English sentences in column `source`, translated in column `target`."""

    language: Literal["de", "en", "zh"] | None = None
    """With `recipe: reviews`: `en` (when not given) or `zh`. With `recipe: phrases`, that of the translation: `de`
    (when not given) or `zh`."""

    rows: int = Field(1000, gt=0, le=10_000_000)
    """Number of rows."""

    seed: int = Field(0, ge=0)
    """The same seed gives the same rows. It does not follow the experiment's seed, so that studies share their data."""

    coefficients: tuple[float, ...] = Field((1.5, -1.0), min_length=1)
    """With `recipe: linear`: one for each input."""

    intercept: float = 2.0
    """With `recipe: linear`: y where every input is 0."""

    noise: float = Field(0.2, ge=0)
    """With `recipe: linear`: standard deviation of what is added to y."""

    @model_validator(mode="after")
    def _settings_belong_to_the_recipe(self) -> Self:
        foreign = sorted(self.model_fields_set & {"coefficients", "intercept", "noise"})
        if self.recipe != "linear" and foreign:
            raise ValueError(f"`{foreign[0]}` belongs to `recipe: linear`")
        spoken = {"phrases": ("de", "zh"), "reviews": ("en", "zh")}.get(self.recipe, ())
        if self.language is not None and self.language not in spoken:
            known = f"is made up in {' and '.join(spoken)}" if spoken else "has no language to choose"
            raise ValueError(f"`recipe: {self.recipe}` {known}")
        return self
