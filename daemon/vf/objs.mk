# SPDX-License-Identifier: GPL-2.0-or-later
# Objects of the pure half of iavfd, for whoever links them: the VF machine and virtchnl (paths
# without $(B)/; sanitized ones are below $(B)/san/). May be included more than once.
ifndef DAEMON_VF_OBJS
DAEMON_VIRTCHNL_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard daemon/virtchnl/*.c)))
DAEMON_VF_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard daemon/vf/*.c))) $(DAEMON_VIRTCHNL_OBJS)
INC_DIRS += daemon/vf
INC_daemon_vf := -Idaemon -Ikmod/uapi
endif
