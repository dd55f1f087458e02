/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One VF, the PF model behind it, a daemon that may die, and a clock that only tests move. */
#ifndef CONTRACT_WORLD_H
#define CONTRACT_WORLD_H

#include <setjmp.h>

#include "faults/faults.h"

#include "kern.h"

#define US	UINT64_C(1000)
#define MS	UINT64_C(1000000)
#define SEC	UINT64_C(1000000000)

struct world_config {
	const char *profile;		/* NULL: ice-dvm */
	bool untrusted;
	unsigned int queues;		/* 0: 4 */
	unsigned int vectors;		/* of the function; 0: queues + 1 */
	unsigned int default_queues;	/* of the kernel; 0: all that are granted */
	uint64_t msg_delay_ns;		/* 0: 50 us */
	uint16_t max_mtu;
	bool no_stable_mac;
	bool host_mac;
};

struct world {
	uint64_t now;
	struct pf *pf;
	struct faults *faults;
	struct kern kern;
	struct vf *vf;			/* NULL: no daemon */
	bool stopped;			/* it does not run */
	struct vf_io io;		/* what is behind its orders */
	unsigned int points, die_at;	/* see mortal.h; die_at 0: it does not die of that */
	jmp_buf death;
	uint64_t revive_ns, revive_at;	/* how long after such a death, 0: never; and when */
	struct vf_policy policy;	/* of the next daemon, and of this one with daemon_set_policy() */
	bool recorded;			/* the next daemon has none but that of the record */
	uint64_t wake;			/* the daemon reads; 0: nothing to read */
	uint64_t vf_deadline;
	uint16_t tx_live, rx_live;	/* queues that the device serves */
	uint64_t to_pf, from_pf;	/* messages */
	uint32_t op_count[256];
	unsigned int violations;
	char violation[160];
	/* A PF of the test's own instead of the model's answers: true when it took the message. */
	bool (*pf_hook)(struct world *w, uint32_t opcode, const void *payload, size_t len);
	void (*answer_hook)(struct world *w, uint32_t *opcode, int32_t *status, void *payload,
			    size_t *len);
	void *hook_data;
	bool verbose;
	char trace[96][100];
	unsigned int num_trace;
	char host_mac[6];
};

struct world *world_new(const struct world_config *config);
void world_free(struct world *w);
void world_note(struct world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void world_fault(struct world *w, const char *rule);

void daemon_start(struct world *w);
void daemon_kill(struct world *w);
void daemon_set_policy(struct world *w);	/* if there is one */

/* The next thing that happens; false when nothing will before end. */
bool world_step(struct world *w, uint64_t end);
void world_run(struct world *w, uint64_t ns);
/* Until the daemon is settled and nobody waits; false after ns. */
bool world_settle(struct world *w, uint64_t ns);
bool world_settled(struct world *w);
bool world_user_done(struct world *w, uint64_t ns);

/* NULL when the PF's state is what users want, else what differs. */
const char *world_difference(struct world *w);

void to_pf(struct world *w, uint32_t opcode, const void *payload, size_t len);

#endif
