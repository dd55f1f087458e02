# SPDX-License-Identifier: GPL-2.0-or-later
# The virtchnl codec alone.

UNIT_TESTS += codec
OBJS_codec = $(DAEMON_VIRTCHNL_OBJS)
