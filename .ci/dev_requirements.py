"""Print the names of the development dependency group, for a pip that does not know groups yet."""

import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
print(*project["dependency-groups"]["dev"])
