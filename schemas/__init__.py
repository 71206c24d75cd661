"""What we ask of the divisions: one file per form, found by looking, never listed."""

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from schemas.kit.form import Form, FormSpec, spec
from schemas.kit.layouts import load_variants

_HERE = Path(__file__).parent


@lru_cache(maxsize=8)
def forms(path: Path = _HERE) -> tuple[FormSpec, ...]:
    """Every form found in `path` (one per file), in the order of their templates' sheets."""
    files = sorted(file for file in path.glob("*.py") if file.stem != "__init__")
    layouts = path / "layouts"
    specs = [
        spec(model, file.stem, load_variants(layouts / f"{file.stem}.toml"))
        for file in files
        for model in _models(_load(file))
    ]
    return tuple(sorted(specs, key=lambda form: form.about.order))


def _load(file: Path) -> ModuleType:
    name = f"schemas.{file.stem}" if file.parent == _HERE else f"_forms_{file.stem}"
    if name in sys.modules and sys.modules[name].__file__ == str(file):
        return sys.modules[name]
    source = importlib.util.spec_from_file_location(name, file)
    if source is None or source.loader is None:
        raise ImportError(f"no form can be loaded from {file.name}")
    module = importlib.util.module_from_spec(source)
    sys.modules[name] = module
    source.loader.exec_module(module)
    return module


def _models(module: ModuleType) -> list[type[Form]]:
    """The forms a module defines itself, not the ones it imports."""
    classes = (value for value in vars(module).values() if isinstance(value, type))
    return [m for m in classes if issubclass(m, Form) and m.__module__ == module.__name__]
