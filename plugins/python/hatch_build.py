"""Puts the component into the wheel and the source distribution.

It is built by `make component` and never committed. `EKS_TOKEN_COMPONENT` names another file.
"""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "eks_token_signer.wasm"


class ComponentHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called once for each kind of file that is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        packaged = root / "src" / "eks_token" / NAME
        # A wheel that is built from a source distribution finds it there.
        if packaged.exists():
            build_data["artifacts"].append(f"src/eks_token/{NAME}")
            return
        named = os.environ.get("EKS_TOKEN_COMPONENT")
        built = Path(named) if named else root.parent.parent / "target" / NAME
        if not built.exists():
            raise FileNotFoundError("the component is missing; run `make component` first")
        folder = "src/eks_token" if self.target_name == "sdist" else "eks_token"
        build_data["force_include"][str(built)] = f"{folder}/{NAME}"
