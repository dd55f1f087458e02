# SPDX-License-Identifier: GPL-2.0-or-later
# The virtchnl codec alone.

UNIT_TESTS += codec
OBJS_codec = $(DAEMON_VIRTCHNL_OBJS)

# Its words for those who watch the mailbox.
UNIT_TESTS += fields
OBJS_fields = $(DAEMON_VIRTCHNL_OBJS)
