"""Step 3: write the folder that transformers loads, in half precision.

    python export.py --work DIR --out DIR [--states state.pt,weights-4000.pt]

Several states are averaged. The padding token, third in training, becomes the last of the vocabulary,
as in all Marian models. Checks that transformers computes the same as the trained model.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from model import Shape, Translator
from safetensors.torch import load_file
from torch import Tensor
from transformers import GenerationConfig, MarianConfig, MarianMTModel, MarianTokenizer

EOS, UNK, PAD = 0, 1, 2
PAD_TOKEN = "<pad>"
NEVER = -10_000.0


def averaged(paths: list[Path]) -> tuple[Shape, dict[str, Tensor]]:
    """Mean of the weights of several states."""
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in paths]
    weights = {
        name: sum(state["model"][name].float() for state in states) / len(states)
        for name in states[0]["model"]
    }
    return Shape(**states[0]["shape"]), weights


def mixed(weights: dict[str, Tensor], folder: Path, work: Path, share: float) -> dict[str, Tensor]:
    """The weights drawn towards those of an exported folder, which they were trained from."""
    own, theirs = (
        json.loads((place / "vocab.json").read_text(encoding="utf-8")) for place in (work, folder)
    )
    other = {
        name.removeprefix("model."): value.float()
        for name, value in load_file(folder / "model.safetensors").items()
    }
    places = torch.tensor([theirs[piece] for piece in sorted(own, key=own.__getitem__)])
    other["shared.weight"] = other["shared.weight"][places]
    found = {name: (1 - share) * value + share * other[name] for name, value in weights.items()}
    found["shared.weight"][PAD] = 0
    return found


def order(size: int) -> Tensor:
    """Training's number of each row of the exported vocabulary: padding last."""
    return torch.tensor([i for i in range(size) if i != PAD] + [PAD])


def marian(shape: Shape, weights: dict[str, Tensor]) -> MarianMTModel:
    """The same model in transformers; only English pieces can be produced."""
    last = shape.vocabulary - 1
    config = MarianConfig(
        vocab_size=shape.vocabulary,
        decoder_vocab_size=shape.vocabulary,
        d_model=shape.width,
        encoder_layers=shape.encoder_layers,
        decoder_layers=shape.decoder_layers,
        encoder_ffn_dim=shape.inner,
        decoder_ffn_dim=shape.inner,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        activation_function="relu",
        dropout=0.1,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=True,
        static_position_embeddings=True,
        max_position_embeddings=512,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        pad_token_id=last,
        eos_token_id=EOS,
        decoder_start_token_id=last,
        bos_token_id=None,
        forced_eos_token_id=EOS,
    )
    model = MarianMTModel(config).eval()
    rows = weights["shared.weight"][order(shape.vocabulary)]
    absent = model.load_state_dict(
        {f"model.{name}": value for name, value in (weights | {"shared.weight": rows}).items()},
        strict=False,
    )
    if absent.unexpected_keys:
        raise SystemExit(f"unknown weights: {absent.unexpected_keys}")
    model.tie_weights()
    bias = torch.zeros(1, shape.vocabulary)
    bias[0, shape.targets - 1 :] = NEVER  # padding, of the English pieces in training, has gone
    bias[0, UNK] = NEVER
    model.final_logits_bias = bias
    return model


def check(model: MarianMTModel, shape: Shape, weights: dict[str, Tensor]) -> None:
    """Compare the loss of a random batch with that of the trained model."""
    ours = Translator(shape, PAD).eval()
    ours.load_state_dict(weights)
    source, target = (
        torch.randint(3, shape.vocabulary, (2, 9)),
        torch.randint(3, shape.targets, (2, 7)),
    )
    source[1, -3:] = PAD
    inputs = torch.cat([torch.full((2, 1), PAD), target[:, :-1]], 1)
    exported = order(shape.vocabulary).argsort()  # of each of training's numbers
    with torch.no_grad():
        logits = model(
            input_ids=exported[source],
            attention_mask=(source != PAD).long(),
            decoder_input_ids=exported[inputs],
        ).logits
        expected = torch.nn.functional.cross_entropy(
            (logits - model.final_logits_bias)[..., exported[: shape.targets]].flatten(0, 1),
            target.flatten(),
            label_smoothing=0.1,
            reduction="sum",
        )
        got, _ = ours(source, target, None)
    if not torch.allclose(got, expected, rtol=1e-4):
        raise SystemExit(
            f"transformers differs from the trained model: {float(expected)} and {float(got)}"
        )


def write_tokenizer(work: Path, out: Path) -> None:
    """The two SentencePiece models and the vocabulary they share."""
    shutil.copy(work / "ru.model", out / "source.spm")
    shutil.copy(work / "en.model", out / "target.spm")
    pieces = json.loads((work / "vocab.json").read_text(encoding="utf-8"))
    names = sorted((piece for piece in pieces if piece != PAD_TOKEN), key=pieces.__getitem__)
    vocabulary = {piece: i for i, piece in enumerate([*names, PAD_TOKEN])}
    (out / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    settings = dict(
        tokenizer_class="MarianTokenizer",
        source_lang="ru",
        target_lang="en",
        model_max_length=512,
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        separate_vocabs=False,
    )
    (out / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--work", type=Path, required=True, help="folder of prepare.py and train.py"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument(
        "--states", default="state.pt", help="states in --work to average, with commas"
    )
    parser.add_argument("--mix", type=Path, help="exported folder to mix into the weights")
    parser.add_argument("--share", type=float, default=0.3, help="how much of it")
    parser.add_argument("--length-penalty", type=float, default=1.0)
    parser.add_argument(
        "--no-repeat",
        type=int,
        default=0,
        help="longest n-gram that may not come twice, 0: any may",
    )
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    shape, weights = averaged([args.work / name for name in args.states.split(",")])
    if args.mix:
        weights = mixed(weights, args.mix, args.work, args.share)
    model = marian(shape, weights)
    check(model, shape, weights)
    model.generation_config = GenerationConfig(
        num_beams=4,
        length_penalty=args.length_penalty,
        no_repeat_ngram_size=args.no_repeat,
        max_length=256,
        min_new_tokens=1,
        early_stopping=False,
        pad_token_id=model.config.pad_token_id,
        eos_token_id=EOS,
        decoder_start_token_id=model.config.pad_token_id,
        forced_eos_token_id=EOS,
    )
    write_tokenizer(args.work, args.out)
    model.half().save_pretrained(args.out)
    config = json.loads((args.out / "config.json").read_text())
    config["dtype"] = "float32"  # stored in half precision, computed in single
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    size = (args.out / "model.safetensors").stat().st_size
    MarianTokenizer.from_pretrained(args.out), MarianMTModel.from_pretrained(args.out)
    print(
        f"{args.out}: {sum(w.numel() for w in weights.values()) / 1e6:.2f}M parameters, {size / 1e6:.1f} MB, loads"
    )


if __name__ == "__main__":
    main()
