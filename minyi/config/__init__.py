"""`minyi.toml`: read here, once, and validated; everything below takes plain arguments.

Each table of the file is one class with its settings, their bounds, and what they are when nobody sets them:

- office.py: `[office]`, `[[districts]]`, `[[agencies]]`, `[[departments]]`, `[[topics]]`
- sources.py: `[[sources]]`
- limits.py: `[thresholds]`, `[deadlines]`, `[retention]`
- briefs.py: `[schedule]`, `[brief]`
- delivery.py: `[[recipients]]`, `[mail]`, `[delivery]`, `[alerts]`
- whole.py: `Config`, which holds them all, the settings outside of tables, and `[holidays]`

file.py reads the file and lets the environment override single settings (`MINYI_DATABASE_URL`, `MINYI_DATA_DIR`, …);
mistakes.py says a mistake in one line with the file, the key and the remedy (`ConfigError`, exit 2).
"""

from minyi.config.briefs import Schedule
from minyi.config.delivery import Recipient
from minyi.config.file import config_file, load_config, parse_config, plain_config
from minyi.config.sources import Source
from minyi.config.values import reveal
from minyi.config.whole import Config

__all__ = [
    "Config",
    "Recipient",
    "Schedule",
    "Source",
    "config_file",
    "load_config",
    "parse_config",
    "plain_config",
    "reveal",
]
