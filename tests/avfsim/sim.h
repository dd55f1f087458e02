/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole process but its command line: devices, PF, switch, faults and sockets on one loop. */
#ifndef AVFSIM_SIM_H
#define AVFSIM_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "faults/faults.h"
#include "hw/device.h"
#include "pf/pf.h"
#include "report.h"
#include "switch/switch.h"
#include "transcript.h"
#include "transport/loop.h"
#include "transport/vfio_user.h"

struct ctl;

struct sim_config {
	const char *dir;	/* sockets and report.json; must exist */
	const char *transcript;	/* file or NULL */
	bool iommu;		/* each map is one of the guest's: unmapping a live ring is told */
	struct pf_config pf;
};

struct sim {
	struct sim_config config;
	struct loop loop;
	struct loop_fd timer;
	uint64_t armed;		/* what the timer is set to */
	struct report report;
	struct transcript transcript;
	struct faults *faults;
	struct pf *pf;
	struct sw sw;
	struct device_ops device_ops;
	struct device_scratch *scratch;
	struct sim_vf {
		struct sim *sim;
		struct device dev;
		struct vfu *vfu;
	} *vfs;
	struct ctl *ctl;
};

/* NULL with errno and a line on stderr. */
struct sim *sim_new(const struct sim_config *config);
void sim_free(struct sim *sim);

/* Serve what is ready within timeout_ms (-1 = wait for something). 0 or -errno. */
int sim_step(struct sim *sim, int timeout_ms);

uint64_t sim_now(void);		/* ns, monotonic */

#endif
