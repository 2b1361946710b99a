"""Word vectors in the files that people have."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from sci.api import ConfigError
from sci_text.model_config import BilstmConfig, TextCnnConfig
from sci_text.word_vectors import width_of, with_vectors

WORDS = ["[PAD]", "[UNK]", "good", "bad", "film", "x", "y", "z", "u", "v", "w", "t"]
GLOVE = "film 1 2 3\nthe 0.1 0.2 0.3\n. . . 4 5 6\ngood -1 -2 -3\ngood 9 9 9\n"


@pytest.fixture
def glove(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text(GLOVE, encoding="utf-8")
    return path


@pytest.fixture
def table():
    return np.random.default_rng(0).normal(size=(len(WORDS), 3)) * 0.1


def forms(tmp_path):
    """The same vectors in each form."""
    word2vec = tmp_path / "w2v.vec"
    word2vec.write_text("5 3\n" + GLOVE.replace(". . . 4 5 6\n", "dot 4 5 6\n"), encoding="utf-8")
    packed = tmp_path / "glove.txt.gz"
    packed.write_bytes(gzip.compress(GLOVE.encode()))
    np.save(tmp_path / "array.npy", np.array([[1, 2, 3], [-1, -2, -3], [9, 9, 9]], dtype=np.float32))
    (tmp_path / "array.txt").write_text("film\ngood\ngood\n")
    binary = b"".join(
        name + b" " + np.array(row, dtype="<f4").tobytes()
        for name, row in (
            (b"film", [1, 2, 3]),
            (b"the", [0.1, 0.2, 0.3]),
            (b"good", [-1, -2, -3]),
            (b"good", [9, 9, 9]),
        )
    )
    (tmp_path / "w2v.bin").write_bytes(b"4 3\n" + binary)
    (tmp_path / "w2v.bin.gz").write_bytes(gzip.compress(b"4 3\n" + binary))
    return [word2vec, packed, tmp_path / "array.npy", tmp_path / "w2v.bin", tmp_path / "w2v.bin.gz"]


def test_each_form_gives_the_first_vector_of_each_word(glove, table, tmp_path) -> None:
    for path in [glove, *forms(tmp_path)]:
        filled, said = with_vectors(table, WORDS, str(path))
        assert width_of(str(path)) == 3
        assert filled[WORDS.index("film")].tolist() == [1, 2, 3]
        assert filled[WORDS.index("good")].tolist() == [-1, -2, -3]
        assert said == f"2 of 12 tokens have a vector in `{path.name}`"


def test_other_words_are_spread_as_the_vectors_are(glove, table) -> None:
    filled, _ = with_vectors(table, WORDS, str(glove))
    known = filled[[WORDS.index("film"), WORDS.index("good")]]
    scale = known.std() / table.std()
    np.testing.assert_allclose(filled[WORDS.index("bad")], table[WORDS.index("bad")] * scale)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"film 1 2\ngood 1 two\n", "line 2 does not hold 2 numbers"),
        (b"film 1 2\ngood 1\n", "line 2 does not hold 2 numbers"),
        (b"film 1 2\ngood 1 nan\n", "line 2 does not hold 2 numbers"),
        (b"", "no word with numbers behind it"),
        (b"other 1 2\n", "a vector for none of the 12 tokens"),
    ],
)
def test_files_without_usable_vectors_are_named(table, tmp_path, content, message) -> None:
    (tmp_path / "v.txt").write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        with_vectors(table[:, :2], WORDS, str(tmp_path / "v.txt"))
    assert caught.value.id == "model.vectors"


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_binary_vectors_are_read_across_pieces_of_the_file(table, tmp_path, monkeypatch, end) -> None:
    monkeypatch.setattr("sci_text.binary_vectors.CHUNK", 40)
    rows = np.random.default_rng(1).normal(size=(len(WORDS) * 30, 3)).astype("<f4")
    names = [word if row == 29 else f"{word}-{row}" for row in range(30) for word in WORDS]
    lines = [name.encode() + b" " + row.tobytes() + end for name, row in zip(names, rows, strict=True)]
    (tmp_path / "v.bin").write_bytes(f"{len(rows)} 3\n".encode() + b"".join(lines))

    filled, said = with_vectors(table, WORDS, str(tmp_path / "v.bin"))

    assert said.startswith("12 of 12 tokens")
    np.testing.assert_array_equal(filled, rows[-len(WORDS) :])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xba\x16\x4f\x2f fasttext", "does not begin with how many vectors"),
        (b"2 3\nfilm " + bytes(12) + b"good " + bytes(7), "it ends behind 1 of 2 vectors"),
        (b"2 3\n", "it ends behind 0 of 2 vectors"),
        (b"1 2\nfilm " + np.array([1, np.nan], dtype="<f4").tobytes(), "vector of `film` holds a number that is not"),
        (b"1 2\nother " + bytes(8), "a vector for none of the 12 tokens"),
    ],
)
def test_binary_files_without_usable_vectors_are_named(table, tmp_path, content, message) -> None:
    (tmp_path / "v.bin").write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        with_vectors(table, WORDS, str(tmp_path / "v.bin"))
    assert caught.value.id == "model.vectors"


def test_a_gzipped_file_that_is_not_whole_is_named(table, tmp_path) -> None:
    packed = gzip.compress(b"2 3\nfilm " + bytes(12) + b"good " + bytes(12))
    (tmp_path / "v.bin.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(ConfigError, match="no word vectors that can be read"):
        with_vectors(table, WORDS, str(tmp_path / "v.bin.gz"))


def test_arrays_need_their_words_and_no_objects(tmp_path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((2, 3)))
    with pytest.raises(ConfigError, match=r"there is no `a\.txt` beside it"):
        with_vectors(np.ones((12, 3)), WORDS, str(tmp_path / "a.npy"))
    (tmp_path / "a.txt").write_text("film\n")
    with pytest.raises(ConfigError, match=r"it has 2 vectors, and `a\.txt` 1 words"):
        with_vectors(np.ones((12, 3)), WORDS, str(tmp_path / "a.npy"))
    np.save(tmp_path / "b.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ConfigError, match="no word vectors that can be read"):
        width_of(str(tmp_path / "b.npy"))


def test_settings_take_the_width_of_the_file_and_refuse_another(glove) -> None:
    assert TextCnnConfig(vectors=str(glove)).settled().width == 3
    assert BilstmConfig().settled().width == 300
    with pytest.raises(ConfigError, match="embedding_size is `4`"):
        TextCnnConfig(vectors=str(glove), embedding_size=4).settled()
    with pytest.raises(ConfigError, match="there is no such file"):
        TextCnnConfig(vectors="absent.txt").settled()
    with pytest.raises(ValueError, match="static keeps drawn embeddings"):
        TextCnnConfig(static=True)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
@pytest.mark.parametrize("static", [True, False])
def test_models_start_from_the_vectors_and_keep_static_ones(bench, texts, glove, engine, static) -> None:
    model = {"name": "text-cnn", "embedding_size": 3, "filters": 2, "vectors": str(glove), "static": static}
    made = bench(engine, model, texts(words=WORDS))
    assert made.trainer.notes() == ["2 of 12 tokens have a vector in `glove.txt`"]
    before = made.weights["embedding.weight"]
    assert before[WORDS.index("film")].tolist() == [1, 2, 3]
    made.step()
    assert np.array_equal(made.weights["embedding.weight"], before) == static
