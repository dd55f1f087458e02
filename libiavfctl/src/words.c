// SPDX-License-Identifier: LGPL-2.1-or-later
/* The words of docs/spec/iavf.yaml. */
#include "iavfctl.h"
#include "iavf_netlink.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert((int)IAVFCTL_STATE_READY == (int)IAVF_VF_STATE_READY, "states are the kernel's");
_Static_assert((int)IAVFCTL_ABSENCE_DOWN == (int)IAVF_ABSENCE_DOWN, "policies are the kernel's");

const char *iavfctl_error_word(enum iavfctl_error error)
{
	switch (error) {
	case IAVFCTL_OK: return "ok";
	case IAVFCTL_FAILED: return "failed";
	case IAVFCTL_USAGE: return "usage";
	case IAVFCTL_NOT_PERMITTED: return "not-permitted";
	case IAVFCTL_NOT_FOUND: return "not-found";
	case IAVFCTL_REFUSED: return "refused";
	case IAVFCTL_NO_DAEMON: return "no-daemon";
	case IAVFCTL_NO_MODULE: return "no-module";
	case IAVFCTL_DIFFERS: return "differs";
	case IAVFCTL_TIMED_OUT: return "timed-out";
	}
	return "failed";
}

const char *iavfctl_state_word(enum iavfctl_state state)
{
	static const char *const words[] = {
		[IAVFCTL_STATE_DEAD] = "dead",
		[IAVFCTL_STATE_RESETTING] = "resetting",
		[IAVFCTL_STATE_MAILBOX] = "mailbox",
		[IAVFCTL_STATE_READY] = "ready",
	};

	return (unsigned int)state < COUNT(words) ? words[state] : "unknown";
}

const char *iavfctl_phase_word(enum iavfctl_phase phase)
{
	static const char *const words[] = {
		[IAVFCTL_PHASE_WAITING] = "waiting",
		[IAVFCTL_PHASE_NEGOTIATING] = "negotiating",
		[IAVFCTL_PHASE_READY] = "ready",
		[IAVFCTL_PHASE_DEGRADED] = "degraded",
		[IAVFCTL_PHASE_FAILED] = "failed",
	};

	return (unsigned int)phase < COUNT(words) ? words[phase] : "unknown";
}

const char *iavfctl_absence_word(enum iavfctl_absence absence)
{
	static const char *const words[] = {
		[IAVFCTL_ABSENCE_HOLD] = "hold",
		[IAVFCTL_ABSENCE_ISOLATE] = "isolate",
		[IAVFCTL_ABSENCE_DOWN] = "down",
	};

	return (unsigned int)absence < COUNT(words) ? words[absence] : "unknown";
}

const char *iavfctl_source_word(enum iavfctl_source source)
{
	static const char *const words[] = {
		[IAVFCTL_SOURCE_NONE] = "none",
		[IAVFCTL_SOURCE_DAEMON] = "daemon",
		[IAVFCTL_SOURCE_KERNEL] = "kernel",
	};

	return (unsigned int)source < COUNT(words) ? words[source] : "unknown";
}

const char *iavfctl_event_word(enum iavfctl_event_kind kind)
{
	static const char *const words[] = {
		[IAVFCTL_EVENT_PRESENT] = "present",
		[IAVFCTL_EVENT_ADDED] = "added",
		[IAVFCTL_EVENT_CHANGED] = "changed",
		[IAVFCTL_EVENT_REMOVED] = "removed",
		[IAVFCTL_EVENT_SOURCE] = "source",
	};

	return (unsigned int)kind < COUNT(words) ? words[kind] : "unknown";
}

const char *iavfctl_feature_word(unsigned int bit)
{
	static const char *const words[] = {
		"vlan-ctag-strip", "vlan-stag-strip", "vlan-ctag-insert", "vlan-stag-insert",
		"vlan-ctag-filter", "vlan-stag-filter", "rx-hash", "encap", "encap-csum", "uso",
		"keep-crc", "wb-on-itr", "adv-link-speed",
	};

	_Static_assert(IAVF_FEATURES_ADV_LINK_SPEED == 1 << (COUNT(words) - 1), "a word for each");
	return bit < COUNT(words) ? words[bit] : NULL;
}

const char *iavfctl_rx_flag_word(unsigned int bit)
{
	static const char *const words[] = { "up", "promisc", "allmulti" };

	return bit < COUNT(words) ? words[bit] : NULL;
}

const char *iavfctl_version(void)
{
	return IAVF_VERSION;
}
