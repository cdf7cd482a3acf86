"""The component in wasmtime: the only file that knows it.

A call gets a store and an instance of its own, with nothing to import, a limit to its memory and
one to its work. What it leaves behind goes with the store.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from wasmtime import Config, Engine, Store, WasmtimeError
from wasmtime.component import Component as WasmComponent
from wasmtime.component import ExportIndex, Linker

from .errors import ComponentFailed

PACKAGE = "eks:token"
VERSION = "0.1.0"
MEMORY_LIMIT = 4 * 1024 * 1024
"""Bytes, as in the Rust host. A call with the longest arguments takes less than one MiB."""
FUEL = 50_000_000
"""Instructions or so. A call with the longest arguments takes less than a tenth."""


class Component:
    """Compiled once; called from any thread, any number at a time."""

    def __init__(self, component: bytes | None = None) -> None:
        """`component` is the file's content; the one in this package where it is absent."""
        config = Config()
        config.consume_fuel = True
        self._engine = Engine(config)
        if component is None:
            component = (files(__package__) / "eks_token_signer.wasm").read_bytes()
        try:
            self._component = WasmComponent(self._engine, component)
            # Empty: a component that imports anything fails below, at once.
            self._linker = Linker(self._engine)
            self._linker.instantiate(self._store(), self._component)
        except WasmtimeError as error:
            raise ComponentFailed("this is no component of the world token-signer") from error

    def call(self, interface: str, function: str, *arguments: Any) -> Any:
        """Calls an export. The answer is what wasmtime makes of the WIT type."""
        index = self._index(interface, function)
        store = self._store()
        try:
            instance = self._linker.instantiate(store, self._component)
            exported = instance.get_func(store, index)
            if exported is None:
                raise ComponentFailed(f"the component exports no function {function}")
            return exported(store, *arguments)
        except WasmtimeError:
            # Its text may be long and is of no use to a caller; nothing of it is passed on.
            raise ComponentFailed(
                "the component stopped: its memory or its time was used up"
            ) from None
        finally:
            store.close()

    def _index(self, interface: str, function: str) -> ExportIndex:
        instance = self._component.get_export_index(f"{PACKAGE}/{interface}@{VERSION}")
        index = instance and self._component.get_export_index(function, instance)
        if not index:
            raise ComponentFailed(f"the component exports no function {function}")
        return index

    def _store(self) -> Store:
        store = Store(self._engine)
        store.set_limits(memory_size=MEMORY_LIMIT)
        store.set_fuel(FUEL)
        return store
