/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libiavfctl: read and steer the VFs of the split iavf driver.
 *
 * What is read comes from the kernel, command vf-get of the generic netlink family "iavf"
 * (docs/spec/iavf.yaml): no daemon has to run. What the daemon makes of it comes from iavfd over
 * D-Bus (docs/spec/org.iavfd1.xml); functions that need it say so. Neither needs a privilege, and
 * no question to the daemon waits longer than 3 s. What changes something (reset, log level, apply
 * and the like) needs root, or leave by polkit.
 *
 * Ownership: what a function hands out through a double pointer belongs to the caller and goes back
 * through the _free() or _close() named beside it. Strings and pointers inside such an
 * object belong to the object. All _free() and _close() functions take NULL.
 *
 * Threads: a handle is used by one thread at a time; handles are independent of each other.
 *
 * Stability: functions are never removed or changed within one soname. Structs are allocated by
 * the library only and grow at their end only, so a program needs no recompilation; struct
 * iavfctl_document is the caller's, and stays as it is. Enums
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
	IAVFCTL_HAVE_PHASE = 1 << 10,	/* phase, reason: this comes from the daemon */
	IAVFCTL_HAVE_ABSENCE = 1 << 11,	/* on_absence, grace_ms, absent, absent_us */
	IAVFCTL_HAVE_DAEMON_COUNTERS = 1 << 12,
};

/* What the kernel does with a VF that nobody controls. */
enum iavfctl_absence {
	IAVFCTL_ABSENCE_HOLD,		/* nothing, traffic goes on */
	IAVFCTL_ABSENCE_ISOLATE,	/* the carrier goes off */
	IAVFCTL_ABSENCE_DOWN,		/* and the queues are stopped */
};

/* "hold" and so on, "unknown" for a newer one; static. */
const char *iavfctl_absence_word(enum iavfctl_absence absence);

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

/*
 * What the daemon counted since it took the VF on; as of the list, a monitor does not follow them.
 */
struct iavfctl_daemon_counters {
	uint64_t sent, received;	/* messages to and from the PF */
	uint64_t refused;		/* answers that were refusals */
	uint64_t lost;			/* messages without an answer */
	uint64_t negotiations;		/* finished */
	uint64_t adopted;		/* states taken over from the daemon before */
	uint64_t answers;		/* of the PF to messages */
	uint64_t answer_us;		/* how long all of them together took, microseconds */
	uint64_t degraded_us;		/* how long the VF was degraded, microseconds */
};

struct iavfctl_vf {
	uint32_t have;			/* bits of enum iavfctl_have */
	uint32_t id;			/* instance; a new probe is a new one */
	uint32_t generation;		/* counts VF resets */
	enum iavfctl_state state;
	const char *pci;		/* "0000:3b:02.0" */
	const char *ifname;		/* printable, '?' for other bytes; NULL without a netdev */
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
	uint32_t last_error_age_ms;	/* UINT32_MAX: not known */
	struct iavfctl_counters counters;
	enum iavfctl_phase phase;
	const char *reason;		/* why it is degraded or failed, NULL when it is not */
	/* Of the daemon, with a PF that refuses or resets: how often in a row, and when again. */
	uint32_t attempts;
	uint64_t next_attempt_us;	/* CLOCK_MONOTONIC; 0: not put off */
	enum iavfctl_absence on_absence;
	uint32_t grace_ms;		/* how long nobody must control it before that is done */
	bool absent;			/* it is done: isolated, or down */
	uint64_t absent_us;		/* how long nobody controlled it the last time */
	struct iavfctl_daemon_counters daemon_counters;
	const char *config_reason;	/* the daemon's: why its files do not count, NULL when they do */
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

/* The same among VFs that the caller has; *vf is one of them. Errors: NOT_FOUND, USAGE. */
enum iavfctl_error iavfctl_choose(struct iavfctl *ctl, struct iavfctl_vf *const *vfs, size_t count,
				  const char *name, struct iavfctl_vf **vf);

/* "1.2.3"; static. */
const char *iavfctl_version(void);

/* Version of the kernel's family. Errors: NO_MODULE, FAILED. */
enum iavfctl_error iavfctl_family_version(struct iavfctl *ctl, uint32_t *version);

/* The daemon. */
struct iavfctl_daemon {
	const char *version;		/* "1.2.3" */
	uint32_t abi;
	uint32_t vf_count;
	bool attached;			/* holds the VFs */
	bool ready;			/* its start is over */
	const char *waiting;		/* why it does not hold them, NULL when it does */
	const char *checkpoint;		/* a change that waits for iavfctl_confirm(); NULL: none */
	uint64_t rollback_us;		/* when it is rolled back; CLOCK_BOOTTIME */
};

/* Errors: NO_DAEMON (also when it does not answer), NOT_PERMITTED, FAILED. */
enum iavfctl_error iavfctl_daemon(struct iavfctl *ctl, struct iavfctl_daemon **daemon);
void iavfctl_daemon_free(struct iavfctl_daemon *daemon);

/*
 * As iavfctl_list(), as the daemon sees them: with phase and reason; without counters and
 * owner. Works in every network namespace. Errors as iavfctl_daemon().
 */
enum iavfctl_error iavfctl_daemon_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs,
				       size_t *count);

/*
 * How much the daemon logs: "emerg", "alert", "crit", "err", "warning", "notice", "info" or
 * "debug". The word belongs to the handle and is valid until its next use. Setting lasts until the
 * daemon ends; only root may. Errors as iavfctl_daemon(), and USAGE for a word that is none of
 * these.
 */
enum iavfctl_error iavfctl_log_level(struct iavfctl *ctl, const char **level);
enum iavfctl_error iavfctl_set_log_level(struct iavfctl *ctl, const char *level);

/*
 * Have the daemon reset a VF, by its full PCI address ("0000:3b:02.0"): all is negotiated and set
 * anew, traffic stops meanwhile. OK when it began; it is over when the VF's generation is greater
 * than *generation and it is ready. polkit may ask a person first, for two minutes at most. Errors:
 * NOT_PERMITTED, NOT_FOUND, FAILED (another reset goes on, say), and those of iavfctl_daemon().
 */
enum iavfctl_error iavfctl_reset(struct iavfctl *ctl, const char *pci, uint32_t *generation);

/*
 * The configuration, as iavfd.json(5) has it. A document is the text of a file of vf.d, also one
 * that is nowhere on a disk; without documents (num 0) it is the daemon's files that are meant.
 * *json is what the daemon says, a document of its own schema (docs/spec/configuration.md), to be
 * freed with free(); NULL on errors, for which iavfctl_sentence() has the reason. polkit may ask a
 * person first.
 */
struct iavfctl_document {
	const char *name;	/* for people: it stands in errors and as source of settings */
	const char *text;	/* UTF-8, 256 KiB at most */
};

/*
 * Says what is wrong with documents; that is part of *json, and no error. Errors: NOT_PERMITTED,
 * and those of iavfctl_daemon().
 */
enum iavfctl_error iavfctl_validate(struct iavfctl *ctl, const struct iavfctl_document *documents,
				    size_t num, char **json);

/*
 * What applying them would do to each VF (vf: to this one only, a PCI address; NULL: to all):
 * messages to the PF, outages. Errors: FAILED (not valid, or a VF cannot be so), NOT_FOUND (about
 * no VF that is here), NOT_PERMITTED, and those of iavfctl_daemon().
 */
enum iavfctl_error iavfctl_plan(struct iavfctl *ctl, const char *vf,
				const struct iavfctl_document *documents, size_t num, char **json);

/*
 * Make it so, all or nothing. confirm: seconds after which the daemon takes it back unless
 * iavfctl_confirm() was called; 0: it stays. Waits for the PF, minutes if need be. Errors as
 * iavfctl_plan(), and REFUSED: the PF or the kernel said no, and everything is as it was.
 */
enum iavfctl_error iavfctl_apply(struct iavfctl *ctl, const char *vf,
				 const struct iavfctl_document *documents, size_t num,
				 uint32_t confirm, char **json);

/*
 * Have files read again and made so on all VFs, as far as it goes; *json says how far. Errors:
 * FAILED (a change waits to be confirmed, say), NOT_PERMITTED, and those of iavfctl_daemon().
 */
enum iavfctl_error iavfctl_reload(struct iavfctl *ctl, char **json);

/*
 * Keep the last change, or take it back. checkpoint: the id that iavfctl_apply() gave; "": the one
 * there is. Errors: NOT_FOUND, and as iavfctl_apply().
 */
enum iavfctl_error iavfctl_confirm(struct iavfctl *ctl, const char *checkpoint, char **json);
enum iavfctl_error iavfctl_rollback(struct iavfctl *ctl, const char *checkpoint, char **json);

/*
 * Each setting of a VF, by its full PCI address: as it is, as it was applied, and from where.
 * Errors: NOT_FOUND, NOT_PERMITTED, and those of iavfctl_daemon().
 */
enum iavfctl_error iavfctl_describe(struct iavfctl *ctl, const char *pci, char **json);

/*
 * A monitor follows all VFs: from the daemon while there is one, else from the kernel, and goes
 * from one to the other as they come and go.
 */
struct iavfctl_monitor;

enum iavfctl_source {
	IAVFCTL_SOURCE_NONE,		/* neither daemon nor kernel module */
	IAVFCTL_SOURCE_DAEMON,
	IAVFCTL_SOURCE_KERNEL,
};

/* "none" and so on; static. */
const char *iavfctl_source_word(enum iavfctl_source source);

enum iavfctl_event_kind {
	IAVFCTL_EVENT_PRESENT,		/* was there when the monitor was opened */
	IAVFCTL_EVENT_ADDED,
	IAVFCTL_EVENT_CHANGED,
	IAVFCTL_EVENT_REMOVED,
	IAVFCTL_EVENT_SOURCE,		/* what follows is from there; vf is NULL */
};

/* "present" and so on; static. */
const char *iavfctl_event_word(enum iavfctl_event_kind kind);

/* What the source does not know is not compared and left as is in before. */
struct iavfctl_event {
	enum iavfctl_event_kind kind;
	enum iavfctl_source source;
	const struct iavfctl_vf *vf;	/* as it is, or was last */
	const struct iavfctl_vf *before;	/* changed: as it was */
};

/*
 * ctl is used by the monitor and outlives it. First come a source event and the VFs that are there.
 * Without any source it waits for one. Errors: FAILED.
 */
enum iavfctl_error iavfctl_monitor_open(struct iavfctl *ctl, struct iavfctl_monitor **monitor);
void iavfctl_monitor_close(struct iavfctl_monitor *monitor);

/* Where the monitor hears from now. */
enum iavfctl_source iavfctl_monitor_source(const struct iavfctl_monitor *monitor);

/*
 * The next event, valid until the next call. timeout_ms -1: wait for ever, 0: do not wait. Errors:
 * TIMED_OUT, FAILED.
 */
enum iavfctl_error iavfctl_monitor_next(struct iavfctl_monitor *monitor, int timeout_ms,
					const struct iavfctl_event **event);

/*
 * For a program with an event loop of its own: a descriptor that is readable when there may be an
 * event, or something to be done for the monitor. Then call iavfctl_monitor_next() with timeout_ms
 * 0 until it says TIMED_OUT; and once before the first wait. It stays the same until the monitor is
 * closed, which closes it.
 */
int iavfctl_monitor_fd(const struct iavfctl_monitor *monitor);

/*
 * A VF by name, as iavfctl_get() finds it, as it is after all events so far, also those not yet
 * fetched; valid until the next call. Errors: NOT_FOUND, USAGE.
 */
enum iavfctl_error iavfctl_monitor_find(struct iavfctl_monitor *monitor, const char *name,
					const struct iavfctl_vf **vf);

/*
 * A trace hears the messages between all VFs and their PF as the kernel mirrors them, from now on.
 * What the kernel writes by itself on the owner's order (CONFIG_VSI_QUEUES, ENABLE_QUEUES,
 * DISABLE_QUEUES) is mirrored without its payload.
 */
struct iavfctl_trace;

enum iavfctl_message_kind {
	IAVFCTL_MESSAGE_MAILBOX,
	IAVFCTL_MESSAGE_LOST,		/* some are missing here; all but kind and time_ns is 0 */
};

struct iavfctl_message {
	enum iavfctl_message_kind kind;
	uint64_t time_ns;		/* when it was read; nanoseconds since 1970 */
	uint32_t vf_id;			/* id of struct iavfctl_vf */
	const char *pci;		/* NULL: the VF is gone */
	uint32_t generation;
	bool sent;			/* to the PF; else from it */
	uint32_t opcode;		/* of virtchnl, as on the wire */
	int32_t status;			/* of an answer; 0: success */
	const uint8_t *payload;		/* as in the mailbox, little endian; NULL without one */
	size_t length;			/* bytes of it, 4096 at most */
};

/*
 * ctl is used by the trace and outlives it. Errors: NOT_PERMITTED (without CAP_NET_ADMIN),
 * NO_MODULE, FAILED.
 */
enum iavfctl_error iavfctl_trace_open(struct iavfctl *ctl, struct iavfctl_trace **trace);
void iavfctl_trace_close(struct iavfctl_trace *trace);

/*
 * The next message, valid until the next call. timeout_ms -1: wait for ever, 0: do not wait.
 * Errors: TIMED_OUT, FAILED.
 */
enum iavfctl_error iavfctl_trace_next(struct iavfctl_trace *trace, int timeout_ms,
				      const struct iavfctl_message **message);

/* As iavfctl_monitor_fd(). */
int iavfctl_trace_fd(const struct iavfctl_trace *trace);

#ifdef __cplusplus
}
#endif

#endif /* IAVFCTL_H */
