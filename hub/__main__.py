"""`python -m hub` is `madoguchi-hub`."""

import sys

from hub.command_line import main

sys.exit(main())
