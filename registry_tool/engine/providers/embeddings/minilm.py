"""all-MiniLM-L6-v2 as llama.cpp reads it: its safetensors file written once as GGUF into the cache.

Form of safetensors: https://github.com/huggingface/safetensors#format. Names of BERT's tensors and keys in GGUF:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry_tool.core.errors import MissingToolError
from registry_tool.core.folders import cache_folder
from registry_tool.engine.providers.models.weights import EMBEDDING

if TYPE_CHECKING:
    import numpy as np

LONGEST = 256  # tokens that the model was made for; of longer texts the parts are embedded
DIMENSIONS = 384
_BLOCKS, _HEADS, _INNER, _POSITIONS, _EPSILON = 6, 12, 1536, 512, 1e-12
_SPECIAL = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103}
_NAMES = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_KEPT_WHOLE = frozenset({"position_embd.weight", "token_types.weight"})


def model_file() -> Path:
    """The GGUF file, written where it isn't there yet; `MissingToolError` for what is lacking."""
    source = EMBEDDING.trusted()
    target = cache_folder() / f"{EMBEDDING.model}-{EMBEDDING.sha256[:12]}-f16.gguf"
    if not target.is_file():
        if find_spec("gguf") is None:
            raise MissingToolError(
                "the embedding model's form can't be written",
                hint="pip install 'puppyai-workflow-registry[local]'",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        _write(source, draft)
        draft.replace(target)
    return target


def _write(source: Path, target: Path) -> None:
    import gguf

    writer = gguf.GGUFWriter(target, "bert")
    _describe(writer, gguf.PoolingType.MEAN)
    _add_words(writer, (source.parent / "vocab.txt").read_text("utf-8").split("\n"), gguf.TokenType)
    for name, values in _tensors(source):
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, pooling: Any) -> None:  # gguf has few types
    writer.add_context_length(_POSITIONS)
    writer.add_embedding_length(DIMENSIONS)
    writer.add_block_count(_BLOCKS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_layer_norm_eps(_EPSILON)
    writer.add_causal_attention(False)
    writer.add_pooling_type(pooling)
    writer.add_token_type_count(2)


def _add_words(writer: Any, words: list[str], kinds: Any) -> None:
    """The vocabulary: `##x` goes on with a word, everything else but `[CLS]` and the like begins one."""
    known = words if words[-1] else words[:-1]
    writer.add_tokenizer_model("bert")
    writer.add_token_list([_spelt(word) for word in known])
    writer.add_token_types([kinds.CONTROL if _is_special(word) else kinds.NORMAL for word in known])
    writer.add_bos_token_id(_SPECIAL["[CLS]"])
    writer.add_eos_token_id(_SPECIAL["[SEP]"])
    writer.add_sep_token_id(_SPECIAL["[SEP]"])
    writer.add_unk_token_id(_SPECIAL["[UNK]"])
    writer.add_pad_token_id(_SPECIAL["[PAD]"])
    writer.add_mask_token_id(_SPECIAL["[MASK]"])


def _spelt(word: str) -> str:
    if _is_special(word):
        return word
    return word[2:] if word.startswith("##") else f"\u2581{word}"


def _is_special(word: str) -> bool:
    return len(word) > 2 and word.startswith("[") and word.endswith("]")


def _tensors(source: Path) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Tensors by their names in GGUF; large ones with half the precision."""
    import numpy as np

    data = source.read_bytes()
    size = int.from_bytes(data[:8], "little")
    for name, about in json.loads(data[8 : 8 + size]).items():
        stem, _, kind = name.rpartition(".")
        if name == "__metadata__" or stem.startswith("pooler") or kind == "position_ids":
            continue
        start, end = about["data_offsets"]
        flat = np.frombuffer(data, np.float32, (end - start) // 4, 8 + size + start)
        values = flat.reshape(about["shape"])
        tensor = f"{_renamed(stem)}.{kind}"
        halved = values.ndim > 1 and tensor not in _KEPT_WHOLE
        yield tensor, values.astype(np.float16) if halved else values


def _renamed(stem: str) -> str:
    if not stem.startswith("encoder.layer."):
        return _NAMES[stem]
    _, _, block, rest = stem.split(".", 3)
    return f"blk.{block}.{_NAMES[rest]}"
