"""The thesis's networks on the small world of films; one module, for TensorFlow's sake."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from items.inputs import Layout
from training.commands.parser import run
from training.errors import TrainingError
from training.items.films import Film, read_films
from training.items.split import Rows
from training.items.thesis import bert
from training.items.thesis.experiments import CONV, MLP, euclidean, plan
from training.items.thesis.masked import train_small
from training.items.thesis.network import conv_fusion
from training.items.thesis.plots import genre_of, on_two_axes
from training.items.thesis.texts import LONGEST, recurrent, word2vec

TINY = Path(__file__).with_name("tiny_bert")


@pytest.fixture(scope="module")
def films(world: Path) -> list[Film]:
    return read_films(world)


@pytest.fixture(scope="module")
def learn(films: list[Film]) -> Rows:
    return np.arange(len(films))


def test_the_network_has_the_thesiss_five_modules() -> None:
    layout = Layout.of(text=20, tags=0, picture=44)
    model = conv_fusion(layout, width=1 / 64)
    kinds = [type(layer).__name__ for layer in model.layers]
    convolutions = [layer for layer in model.layers if type(layer).__name__ == "Conv1D"]
    assert [layer.kernel_size for layer in convolutions] == [(32,), (64,), (128,), (64,), (16,)]
    assert [layer.filters for layer in convolutions] == [2, 4, 8, 16, 32]
    assert kinds.count("MaxPooling1D") == kinds.count("Dropout") == 5
    found = np.asarray(model(np.random.default_rng(0).normal(size=(3, layout.width))))
    assert found.shape == (3, 256)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_recurrent_networks_give_768_numbers_of_padded_word_ids(
    films: list[Film], learn: Rows
) -> None:
    import keras

    for kind in ("rnn", "lstm"):
        texts = recurrent(films, learn, kind)
        assert texts.numbers.shape == (60, LONGEST)
        assert texts.front is not None
        ids = keras.Input((LONGEST,))
        assert texts.front(ids).shape == (None, 768)
    assert not texts.numbers[0, 20:].any()
    assert texts.numbers[0, 0] >= 1


def test_word_vectors_of_a_text_are_averaged(tmp_path: Path) -> None:
    file = tmp_path / "vectors.txt"
    file.write_text("2 2\nghost 1 0\nhorse 0 3\n", "utf-8")
    films = [
        Film(f"tt{n}", "", (text,), (), None, Path(), None)
        for n, text in enumerate(("ghost horse", "ghost", "unknown"))
    ]
    found = word2vec(films, np.arange(3), file).numbers
    raw = np.array([[0.5, 1.5], [1, 0], [0, 0]])
    centred = raw - raw.mean(axis=0)
    assert np.allclose(found, centred / np.linalg.norm(centred, axis=1, keepdims=True), atol=1e-6)
    with pytest.raises(TrainingError, match="holds no word vectors"):
        word2vec(films, np.arange(3), tmp_path / "missing.txt")


def test_bert_gives_what_transformers_gives() -> None:
    """tiny_bert was written by transformers: its weights, and its last hidden states."""
    model, tokenizer, _ = bert.read(TINY)
    told = json.loads((TINY / "expected.json").read_text("utf-8"))
    ids = np.array(told["ids"], np.int32)
    states = np.asarray(model.predict_on_batch(ids))
    there = ids != 0
    assert np.allclose(states[there], np.array(told["states"])[there], atol=1e-4)
    read = tokenizer.encode_batch(["the ghosts, the horse", "유령 말"])
    assert [one.tokens for one in read] == [
        ["[CLS]", "the", "ghost", "##s", ",", "the", "horse", "[SEP]"],
        ["[CLS]", "유령", "말", "[SEP]", *["[PAD]"] * 4],
    ]


def test_padding_does_not_change_a_text() -> None:
    model, tokenizer, _ = bert.read(TINY)
    alone = bert.vectors(model, tokenizer, ["the ghost"])
    beside = bert.vectors(model, tokenizer, ["the ghost", "the horse rides at night ."])
    assert np.allclose(alone[0], beside[0], atol=1e-5)
    assert np.linalg.norm(beside, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_a_folder_that_holds_no_bert_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no BERT that can be read"):
        bert.read(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}', "utf-8")
    with pytest.raises(TrainingError, match="holds a gpt2"):
        bert.read(tmp_path)


@pytest.mark.usefixtures("eagerly")
def test_a_small_bert_can_be_trained_here(films: list[Film]) -> None:
    model, tokenizer = train_small([film.texts[0] for film in films], epochs=1)
    assert tokenizer.token_to_id("[PAD]") == 0
    assert bert.vectors(model, tokenizer, ["a ghost", "a horse"]).shape == (2, 128)


def test_every_loss_is_tried_with_both_fusions() -> None:
    rows = plan(["lsa", "rnn"], ["starter", "mobilenetv2"])
    assert len(rows) == len(set(rows)) == 12 + 1 + 2
    assert {(one.fusion, one.loss) for one in rows[:12]} >= {(CONV, "z-sigmoid"), (MLP, "vse++")}


def test_neighbours_by_distance_are_the_nearest() -> None:
    places = np.array([[0, 0], [1, 0], [5, 0], [5.5, 0]], np.float32)
    similar = np.zeros((4, 4), bool)
    similar[0, 1] = similar[3, 2] = similar[1, 2] = True
    found = euclidean("", places, similar)
    assert found.map == pytest.approx(100 * (1 + 1 + 1 / 2) / 3)


def test_a_plot_keeps_what_varies_most() -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 4)) * [1, 9, 3, 0.1]
    flat = on_two_axes(vectors.astype(np.float32))
    assert abs(np.corrcoef(flat[:, 0], vectors[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(flat[:, 1], vectors[:, 2])[0, 1]) > 0.95


def test_a_film_has_the_colour_of_its_rarest_genre(films: list[Film]) -> None:
    assert genre_of(films[0]) == "Comedy"
    assert genre_of(films[-1]) == "other"


@pytest.mark.usefixtures("eagerly")
def test_one_command_writes_all_tables_and_goes_on_where_it_was_stopped(
    world: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"
    command = ["items", "report", str(world), "--out", str(out), "--cache", str(cache)]
    command += ["--epochs", "1", "--width", "0.005", "--texts", "lsa", "--losses", "z-sigmoid"]
    assert run(command) == 0
    told = capsys.readouterr().out
    assert told.rstrip() == (out / "report.md").read_text("utf-8").rstrip()
    assert "| KoBERT × EfficientNet-B7, Z·σ(Z) | 41.5 / 62.8 / 81.9 |" in told
    assert told.count("| lsa × starter, ") == 2
    assert "### What replicates" in told
    html = (out / "pca-trained.html").read_text("utf-8")
    assert '"Film ' in html
    assert "<script src=" not in html
    assert (out / "pca-trained.png").read_bytes().startswith(b"\x89PNG")

    # What is finished is read and not trained again.
    rows = json.loads((out / "rows.json").read_text("utf-8"))
    for data in rows["rows"].values():
        data["note"] = "read"
    (out / "rows.json").write_text(json.dumps(rows), "utf-8")
    assert run(command) == 0
    assert capsys.readouterr().out.count("(read") == 2

    # Rows that came of other files behind the same names are none of this run.
    words = tmp_path / "vectors.txt"
    words.write_text("1 1\nghost 1\n", "utf-8")
    assert run([*command, "--word-vectors", str(words)]) == 0
    assert "(read" not in capsys.readouterr().out

    # Half a file, as releases before left it where they were stopped, is none.
    vectors = out / "vectors.npz"
    vectors.write_bytes(vectors.read_bytes()[:-100])
    assert run(command) == 0
    assert "(read" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--texts", "elmo"], "no text network 'elmo'"),
        (["--texts", "rnn"], "still to be learned"),
        (["--backbones", "vgg99"], "no backbone 'vgg99'"),
        (["--losses", "hinge"], "no loss 'hinge'"),
    ],
)
def test_a_network_that_there_is_not_is_named(
    world: Path, cache: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["items", "report", str(world), "--out", str(cache / "no"), "--cache", str(cache)]
    assert run([*command, *more]) == 2
    assert said in capsys.readouterr().err
