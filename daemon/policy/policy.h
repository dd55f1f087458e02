/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the configuration says, made so: files for a new VF, documents of clients, checkpoints and
 * the way back. One thing at a time; whatever waits (disk, rtnetlink, ethtool) is done by the host's
 * worker, so the loop never does. A VF's traffic and its recovery do not need any of this.
 *
 * Who writes a setting last has it: a file when a VF is new or on reload, a document when it is
 * applied, ip and ethtool at any time. Nothing is set again behind anybody's back.
 */
#ifndef IAVFD_POLICY_H
#define IAVFD_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "core/log.h"
#include "host/worker.h"
#include "live.h"
#include "state.h"

#define POLICY_REQUESTS_MAX	16	/* that wait */
#define POLICY_DOCUMENTS_MAX	64	/* of one request */
#define POLICY_CONFIRM_MAX	86400	/* seconds */

struct disk_document;
struct policy;

/* What the loop knows of a VF that has its netdev. */
struct policy_vf {
	struct state_instance instance;
	uint32_t ifindex;		/* in its namespace */
	struct live_vf live;		/* its policy belongs to the VF, until the next event */
	uint32_t caps;			/* granted: VIRTCHNL_VF_OFFLOAD_* */
	unsigned int queues_granted;
	bool mac_known;			/* for matching: the host's, or the stable one */
	uint8_t mac[6];
	const char *last_error;		/* the PF's words, "" */
};

struct policy_io {
	void *ctx;
	/* The i-th VF that has its netdev; false: there are no more. */
	bool (*nth)(void *ctx, unsigned int i, struct policy_vf *vf);
	/* false: there is no such VF, or it has no netdev. */
	bool (*find)(void *ctx, const char *pci, struct policy_vf *vf);
	/* The whole policy of a VF from now on; what policy does not set is as without one. */
	int (*set_policy)(void *ctx, const char *pci, const struct vf_config *policy);
	/* How far it got: 0; -EINPROGRESS; or what the PF or kernel refused, and a sentence. */
	int (*policy_state)(void *ctx, const char *pci, char *sentence, size_t size);
	/* The same of the VF's own address. */
	int (*mac_state)(void *ctx, const char *pci, const uint8_t *mac, char *sentence,
			 size_t size);
	/* NULL, 0: as it is. The change comes as an event. */
	int (*netdev_update)(void *ctx, const char *pci, const uint8_t *mac, uint32_t mtu);
	/* Something that clients see changed: pci, or NULL for the checkpoint. */
	void (*changed)(void *ctx, const char *pci);
};

struct policy_config {
	sd_event *event;
	struct log *log;
	struct host_worker *worker;
	const struct policy_io *io;
	const char *root;		/* "" but in tests: before /etc, /run, /usr and /sys */
	uid_t owner;			/* of configuration files: root but in tests */
	const char *state;		/* "/run/iavfd/state.json" */
};

/* NULL: -ENOMEM. What config points to outlives it. Starts to read its files. */
struct policy *policy_new(const struct policy_config *config);
/* Clients that wait get no answer any more; the worker goes first. */
void policy_free(struct policy *policy);

/* Every VF of the start is known now. */
void policy_started(struct policy *policy);
/* A VF has its netdev, or something about it changed. Cheap. */
void policy_vf_changed(struct policy *policy, const char *pci);
/* No VF waits for its files. */
bool policy_is_idle(const struct policy *policy);

enum policy_verb {
	POLICY_VALIDATE,		/* documents, or else the files */
	POLICY_PLAN,			/* the same, shown only */
	POLICY_APPLY,
	POLICY_RELOAD,			/* files are read again, and made so as far as it goes */
	POLICY_CONFIRM,
	POLICY_ROLLBACK,
	POLICY_DESCRIBE,		/* a VF */
};

enum policy_error {
	POLICY_OK,
	POLICY_INVALID,			/* documents, files or arguments */
	POLICY_NOT_FOUND,		/* a VF, a checkpoint */
	POLICY_BUSY,			/* a checkpoint waits to be confirmed, or too many requests */
	POLICY_IMPOSSIBLE,		/* nothing was done: this VF cannot be so */
	POLICY_REFUSED,			/* all is as it was: the PF or the kernel refused something */
	POLICY_STUCK,			/* neither: something could not be brought back */
	POLICY_FAILED,			/* nothing was done: no memory, no disk */
};

/* POLICY_OK and a JSON text, or a sentence; valid during the call. */
typedef void policy_reply(void *ctx, enum policy_error error, const char *text);

struct policy_request {
	enum policy_verb verb;
	char pci[16];			/* of DESCRIBE; of PLAN and APPLY: this VF only; "": all */
	char id[STATE_ID_SIZE];		/* of CONFIRM and ROLLBACK: this checkpoint; "": the one */
	unsigned int confirm;		/* of APPLY: seconds; 0: no rollback by itself */
	struct disk_document *documents;	/* policy_request_add() */
	unsigned int num;		/* 0: the files */
	policy_reply *reply;		/* NULL: nobody waits */
	void *ctx;
	struct policy_request *next;	/* policy's */
};

/* NULL: no memory. */
struct policy_request *policy_request_new(enum policy_verb verb);
/* Copies; name is for people: errors, sources. -E2BIG: too many, or too long; -ENOMEM. */
int policy_request_add(struct policy_request *request, const char *name, const char *text,
		       size_t len);
void policy_request_free(struct policy_request *request);
/* The request is policy's then, and answered once. -EBUSY: too many wait, and it is the caller's. */
int policy_submit(struct policy *policy, struct policy_request *request);
/* Nobody waits for the answer any more. What was begun goes on. */
void policy_forget(struct policy *policy, const void *ctx);

/* "": there is none that waits for a confirmation. *deadline: CLOCK_BOOTTIME, us. */
const char *policy_checkpoint(const struct policy *policy, uint64_t *deadline);
/* Why the files of a VF do not count; NULL: they do. Valid until the next event. */
const char *policy_invalid(const struct policy *policy, const char *pci);

#endif
