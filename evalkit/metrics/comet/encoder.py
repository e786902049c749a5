"""The encoder of a COMET checkpoint: transformers' own model, its weights from the checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import ModelUnavailable, first_line
from evalkit.metrics.comet.tokens import Sequences, Tokenizer

_PREFIX = "encoder.model."
# Called with the number of a layer (0: the embeddings) and its states: (sequences, longest, units).
Visit = Callable[[int, Any], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """An encoder as hparams.yaml names it.

    model, config: the classes in transformers. separators: tokens between two texts.
    types: whether it is told which token is the hypothesis's.
    tokenizer: the model whose tokenizer it uses, where that is another's.
    """

    model: str
    config: str
    separators: int
    types: bool
    tokenizer: str = ""


KINDS = {
    "XLM-RoBERTa": Kind("XLMRobertaModel", "XLMRobertaConfig", 2, False),
    "XLM-RoBERTa-XL": Kind("XLMRobertaXLModel", "XLMRobertaXLConfig", 2, False),
    "BERT": Kind("BertModel", "BertConfig", 1, True),
    "RemBERT": Kind("RemBertModel", "RemBertConfig", 1, True),
    "MiniLM": Kind("BertModel", "BertConfig", 2, False, "xlm-roberta-base"),
}


def kind_of(name: str) -> Kind:
    """The encoder that hparams.yaml names.

    Raises:
        ModelUnavailable: COMET has no such encoder.
    """
    if name not in KINDS:
        raise ModelUnavailable(f"unknown encoder_model {name!r}: use one of {', '.join(KINDS)}")
    return KINDS[name]


class Encoder:
    """A loaded encoder. Layers above ``top`` are dropped.

    Attributes:
        layers: how many layers it has, the embeddings counted as one.
        tokenizer: turns texts into its tokens.
    """

    def __init__(self, kind: Kind, folder: Path, tokenizer_folder: Path) -> None:
        self._kind, self._folder = kind, folder
        self.config = _config(kind, folder)
        self.layers = int(self.config.num_hidden_layers) + 1
        # COMET takes two from the positions for XLM-R's padding, and two more from a text alone.
        positions = int(self.config.max_position_embeddings)
        self.tokenizer = Tokenizer(tokenizer_folder, kind.separators, positions - 4, positions - 2)
        self._model: Any = None
        self._device = "cpu"
        self._visit: Visit | None = None

    def load(self, tensors: Mapping[str, Any], top: int, dtype: str, device: str) -> None:
        """Take the weights of a checkpoint.

        Raises:
            ModelUnavailable: they are not those of this encoder.
        """
        import torch
        import transformers

        own = {
            name.removeprefix(_PREFIX): tensor
            for name, tensor in tensors.items()
            if name.startswith(_PREFIX)
        }
        with torch.device("meta"):
            model = getattr(transformers, self._kind.model)(self.config, add_pooling_layer=False)
        expected = set(model.state_dict())
        if missing := sorted(expected - set(own)):
            raise ModelUnavailable(
                f"the checkpoint has not the weights of the encoder in {self._folder}: "
                f"{len(missing)} are missing, {missing[0]} the first"
            )
        try:
            model.load_state_dict({name: own[name] for name in expected}, assign=True)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1].strip()
            raise ModelUnavailable(
                f"the checkpoint does not fit the encoder in {self._folder}: {reason}"
            ) from error
        _fill_buffers(model)
        model.encoder.layer = model.encoder.layer[: max(top, 1)]
        self._hook(model, top)
        self._device = device
        self._model = model.eval().to(device=device, dtype=getattr(torch, dtype))

    def run(self, batch: Sequence[Sequences], visit: Callable[[Any, Any, Any], Visit]) -> None:
        """Run a batch; ``visit`` is given ids, the mask of tokens and of real ones, and returns a `Visit`."""
        import torch

        longest = max(len(sequence.ids) for sequence in batch)
        ids = torch.full((len(batch), longest), self.tokenizer.pad)
        mask = torch.zeros((len(batch), longest), dtype=torch.long)
        types = torch.ones((len(batch), longest), dtype=torch.long)
        for row, sequence in enumerate(batch):
            ids[row, : len(sequence.ids)] = torch.tensor(sequence.ids)
            mask[row, : len(sequence.ids)] = 1
            types[row, : sequence.first_type] = 0
        ids, mask = ids.to(self._device), mask.to(self._device)
        inputs = {"input_ids": ids, "attention_mask": mask}
        if self._kind.types:
            inputs["token_type_ids"] = types.to(self._device)
        with torch.inference_mode():
            self._visit = visit(ids, mask, ids != self.tokenizer.pad)
            try:
                self._model(**inputs)
            finally:
                self._visit = None

    def _hook(self, model: Any, top: int) -> None:
        """Hand each layer's states to whoever looks at the batch that is running."""

        def before(module: Any, inputs: Any) -> None:
            self._show(0, inputs[0])

        def after(number: int) -> Callable[[Any, Any, Any], None]:
            def hook(module: Any, inputs: Any, output: Any) -> None:
                self._show(number, output[0] if isinstance(output, tuple) else output)

            return hook

        layers = model.encoder.layer
        layers[0].register_forward_pre_hook(before)
        last = self.layers - 1
        for number, layer in enumerate(layers, start=1):
            if number < last:
                layer.register_forward_hook(after(number))
        if top == last:
            # What follows the last layer (a normalization in XLM-R-XL) belongs to it.
            def final(module: Any, inputs: Any, output: Any) -> None:
                self._show(last, output[0])

            model.encoder.register_forward_hook(final)

    def _show(self, number: int, states: Any) -> None:
        if self._visit is not None:
            self._visit(number, states)


def _config(kind: Kind, folder: Path) -> Any:
    import transformers

    try:
        config = getattr(transformers, kind.config).from_pretrained(
            str(folder), local_files_only=True
        )
    except Exception as error:  # what a damaged configuration raises depends on the damage
        raise ModelUnavailable(
            f"the encoder in {folder} cannot be read: {first_line(error)}"
        ) from error
    return config


def _fill_buffers(model: Any) -> None:
    """Buffers that no checkpoint holds: positions count from 0, token types are 0."""
    import torch

    for name, buffer in list(model.named_buffers()):
        if not buffer.is_meta:
            continue
        owner = model.get_submodule(name.rpartition(".")[0])
        made = torch.zeros(buffer.shape, dtype=buffer.dtype)
        if name.endswith("position_ids"):
            made = torch.arange(buffer.shape[-1]).expand(buffer.shape).clone()
        owner.register_buffer(name.rpartition(".")[2], made, persistent=False)
