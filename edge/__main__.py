"""`python -m edge` is `madoguchi-edge`."""

import sys

from edge.command_line import main

sys.exit(main())
