/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libiavfctl: read and (later) steer the VFs of the split iavf driver.
 *
 * What is read comes from the kernel, command vf-get of the generic netlink family "iavf"
 * (docs/spec/iavf.yaml); no privilege is needed and no daemon has to run.
 *
 * Ownership: what a function hands out through a double pointer belongs to the caller and goes back
 * through the _free() or _close() named beside it. Strings and pointers inside such an
 * object belong to the object. All _free() and _close() functions take NULL.
 *
 * Threads: a handle is used by one thread at a time; handles are independent of each other.
 *
 * Stability: functions are never removed or changed within one soname. Structs are allocated by
 * the library only and grow at their end only, so a program needs no recompilation. Enums
 * grow; a program takes an unknown value as "something newer".
 */
#ifndef IAVFCTL_H
#define IAVFCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What functions return. The numbers are also the exit codes of iavfctl, but no-module (1). */
enum iavfctl_error {
	IAVFCTL_OK = 0,
	IAVFCTL_FAILED = 1,		/* anything without a number of its own */
	IAVFCTL_USAGE = 2,		/* an argument makes no sense, or fits several VFs */
	IAVFCTL_NOT_PERMITTED = 3,
	IAVFCTL_NOT_FOUND = 4,		/* no such VF */
	IAVFCTL_REFUSED = 5,		/* the PF said no */
	IAVFCTL_NO_DAEMON = 6,
	IAVFCTL_NO_MODULE = 7,		/* iavf_session.ko is not loaded */
	IAVFCTL_DIFFERS = 10,
	IAVFCTL_TIMED_OUT = 124,
};

/* "not-found" and so on; static. */
const char *iavfctl_error_word(enum iavfctl_error error);

/* What the kernel knows of a VF. */
enum iavfctl_state {
	IAVFCTL_STATE_DEAD,		/* no working mailbox */
	IAVFCTL_STATE_RESETTING,	/* a reset goes on */
	IAVFCTL_STATE_MAILBOX,		/* the mailbox works, there is no netdev yet */
	IAVFCTL_STATE_READY,		/* the netdev is registered */
};

/* "ready" and so on, "unknown" for a newer one; static. */
const char *iavfctl_state_word(enum iavfctl_state state);

/* What the daemon makes of a VF. */
enum iavfctl_phase {
	IAVFCTL_PHASE_WAITING,		/* no mailbox, or a reset goes on */
	IAVFCTL_PHASE_NEGOTIATING,	/* with the PF; no netdev yet */
	IAVFCTL_PHASE_READY,
	IAVFCTL_PHASE_DEGRADED,		/* as ready, but the PF refused something */
	IAVFCTL_PHASE_FAILED,		/* refused by the PF, or the device is dead */
};

/* "ready" and so on, "unknown" for a newer one; static. */
const char *iavfctl_phase_word(enum iavfctl_phase phase);

/* Which fields of struct iavfctl_vf the kernel gave. id, pci, generation and state always are. */
enum iavfctl_have {
	IAVFCTL_HAVE_NETDEV = 1 << 0,	/* ifindex, ifname, netns, mtu */
	IAVFCTL_HAVE_MAC = 1 << 1,
	IAVFCTL_HAVE_QUEUES = 1 << 2,	/* rx_queues, tx_queues, rx_ring, tx_ring */
	IAVFCTL_HAVE_CARRIER = 1 << 3,
	IAVFCTL_HAVE_LINK_MBPS = 1 << 4,
	IAVFCTL_HAVE_OWNER = 1 << 5,
	IAVFCTL_HAVE_LAST_ERROR = 1 << 6,
	IAVFCTL_HAVE_COUNTERS = 1 << 7,
	IAVFCTL_HAVE_FEATURES = 1 << 8,	/* features, features_granted */
	IAVFCTL_HAVE_LIMITS = 1 << 9,	/* max_mtu, max_queues, vectors: those that are not 0 */
};

struct iavfctl_counters {
	uint64_t resets;		/* VF resets since probe */
	uint64_t mbx_sent, mbx_received;
	uint64_t stale;			/* messages of an older generation, dropped or refused */
	uint64_t overrun;		/* replies dropped because the owner did not read */
	uint64_t requests, requests_failed;
	uint64_t sessions;		/* owners so far */
	uint64_t reset_us;		/* duration of the last reset, microseconds */
	uint64_t unproven_stops;	/* stops for which bus mastering had to be cut */
};

struct iavfctl_vf {
	uint32_t have;			/* bits of enum iavfctl_have */
	uint32_t id;			/* instance; a new probe is a new one */
	uint32_t generation;		/* counts VF resets */
	enum iavfctl_state state;
	const char *pci;		/* "0000:3b:02.0" */
	const char *ifname;		/* NULL without a netdev */
	uint32_t ifindex;
	uint64_t netns;			/* inode of the netdev's network namespace */
	bool netns_is_ours;		/* it is the caller's */
	uint8_t mac[6];
	uint32_t mtu, max_mtu;		/* bytes */
	uint32_t rx_queues, tx_queues, max_queues;	/* queue pairs for max_queues */
	uint32_t rx_ring, tx_ring;	/* descriptors */
	uint32_t vectors;		/* MSI-X, the mailbox's included */
	bool carrier;
	uint32_t link_mbps;
	uint32_t rx_flags;		/* bits, words by iavfctl_rx_flag_word() */
	uint32_t features;		/* switched on; bits, words by iavfctl_feature_word() */
	uint32_t features_granted;	/* what the PF allows */
	uint32_t owner_pid;		/* the process that holds the session */
	bool unresponsive;		/* it does not answer */
	const char *degraded;		/* the reason, NULL when not degraded */
	uint32_t last_errno;		/* positive errno of the last failure */
	const char *last_error;		/* its sentence, NULL when there is none */
	uint32_t last_error_age_ms;
	struct iavfctl_counters counters;
};

/* Words of bit number n (0..31); NULL when this library knows no such bit. Static. */
const char *iavfctl_feature_word(unsigned int bit);
const char *iavfctl_rx_flag_word(unsigned int bit);

struct iavfctl;				/* a handle */

/* Errors: FAILED with errno set (out of memory, no generic netlink). */
enum iavfctl_error iavfctl_open(struct iavfctl **ctl);
void iavfctl_close(struct iavfctl *ctl);

/* A sentence about the last failure on this handle; "" after a success. */
const char *iavfctl_sentence(const struct iavfctl *ctl);

/*
 * All VFs in the order of their PCI addresses. *vfs is an array of *count; no VF is a success.
 * Errors: NO_MODULE, FAILED.
 */
enum iavfctl_error iavfctl_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs, size_t *count);
void iavfctl_list_free(struct iavfctl_vf **vfs, size_t count);

/*
 * One VF by PCI address (with or without its domain), interface name, or a prefix of either that
 * fits no other VF. An exact match wins over prefixes. Errors: NOT_FOUND, USAGE (fits
 * several), NO_MODULE, FAILED.
 */
enum iavfctl_error iavfctl_get(struct iavfctl *ctl, const char *name, struct iavfctl_vf **vf);
void iavfctl_vf_free(struct iavfctl_vf *vf);

/* "1.2.3"; static. */
const char *iavfctl_version(void);

/* Version of the kernel's family. Errors: NO_MODULE, FAILED. */
enum iavfctl_error iavfctl_family_version(struct iavfctl *ctl, uint32_t *version);

#ifdef __cplusplus
}
#endif

#endif /* IAVFCTL_H */
