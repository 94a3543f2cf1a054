"""How is a data file read? As plain YAML in which a key given twice, or one that is not text, is an error."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


class _Strict(yaml.SafeLoader):
    """Safe YAML. PyYAML itself keeps the last of two equal keys: a text would be lost unseen."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[str, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            raise yaml.YAMLError(f"line {key_node.start_mark.line + 1}: {key!r} is not text: quote it")
        if key in seen:
            raise yaml.YAMLError(f"line {key_node.start_mark.line + 1}: {key!r} stands here twice")
        seen.add(key)
    return dict(loader.construct_mapping(node, deep=True))  # type: ignore[arg-type]


_Strict.add_constructor("tag:yaml.org,2002:map", _mapping)


def read(path: Path) -> dict[str, Any]:
    """The mapping in a file; an error names the file."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        raise yaml.YAMLError(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise yaml.YAMLError(f"{path.name}: holds no mapping")
    return content


def flat(content: dict[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
    """Nested keys as dotted ones: `a: {b: x}` under `n` is `n.a.b`."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}.{key}")
        else:
            yield f"{prefix}.{key}", value
