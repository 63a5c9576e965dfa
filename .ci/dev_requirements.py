"""Print the names of a dependency group (dev unless told), for a pip that does not know groups yet."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
print(*project["dependency-groups"][(sys.argv[1:] or ["dev"])[0]])
