// SPDX-License-Identifier: GPL-2.0-or-later
/* Each VF: what is not as it was asked for, and what is asked for and will not do. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "host.h"
#include "text.h"

#define RECENT_MS	3600000

static const char trust[] = "on the host: ip link set PF vf N trust on";

/* What helps, by a word of the reason. */
static const struct remedy {
	const char *word, *known, *way_out;
} remedies[] = {
	{ "again and again", NULL, "look at the PF driver's log on the host: it takes this VF for malicious, or its link flaps" },
	{ "promiscuous", "S76", "on the host: ip link set PF vf N trust on spoofchk off" },
	{ "VLAN", NULL, "fewer VLANs, or on the host: ip link set PF vf N trust on" },
	{ "MAC", "S74", "set the address on the host, or trust the VF there: ip link set PF vf N trust on" },
	{ "address", "S74", "fewer addresses, or on the host: ip link set PF vf N trust on" },
	{ "does not answer", NULL, "look at the PF driver's log on the host" },
	{ "queue", NULL, "ethtool -L with fewer queues, or more VF queues on the host" },
	{ "MTU", NULL, "ip link set PF mtu on the host, or a smaller MTU here" },
	{ "trust", NULL, trust },
	{ "", NULL, "docs/failures.md has the sentence; iavfctl trace shows what the PF answers" },
};

static void remedy(struct doctor *doctor, const char *reason)
{
	const struct remedy *r = remedies;

	while (!strstr(reason, r->word))
		r++;
	doctor_way_out(doctor, r->known, "%s", r->way_out);
}

static void check_state(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	const struct iavfctl_vf *theirs = doctor_theirs(doctor, vf);
	const char *reason = theirs->reason ?: vf->degraded;
	bool phase = theirs->have & IAVFCTL_HAVE_PHASE;

	if (vf->state == IAVFCTL_STATE_DEAD) {
		doctor_say(doctor, DOCTOR_PROBLEM, "vf", "%s does not answer", vf->pci);
		doctor_way_out(doctor, "S88",
			       "is the PF's driver loaded on the host? echo 1 >/sys/bus/pci/devices/%s/reset looks again",
			       vf->pci);
	} else if (phase && theirs->phase == IAVFCTL_PHASE_FAILED) {
		doctor_say(doctor, DOCTOR_PROBLEM, "vf", "%s failed: %s", vf->pci,
			   reason ?: "no reason");
		remedy(doctor, reason ?: "");
	} else if (reason) {
		doctor_say(doctor, DOCTOR_WARNING, "vf", "%s is degraded: %s", vf->pci, reason);
		remedy(doctor, reason);
	} else if (vf->state == IAVFCTL_STATE_READY && !theirs->attempts) {
		doctor_say(doctor, DOCTOR_OK, "vf", "%s (%s) is ready", vf->pci, vf->ifname ?: "-");
	} else {
		doctor_say(doctor, DOCTOR_WARNING, "vf", "%s is %s", vf->pci,
			   phase ? iavfctl_phase_word(theirs->phase) :
				   iavfctl_state_word(vf->state));
		doctor_way_out(doctor, NULL, "iavfctl wait %s; journalctl -u iavfd", vf->pci);
	}
}

static void check_error(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	if (!(vf->have & IAVFCTL_HAVE_LAST_ERROR) || vf->last_error_age_ms > RECENT_MS)
		return;
	doctor_say(doctor, DOCTOR_WARNING, "refusal", "%s, %" PRIu32 " s ago: %s: %s", vf->pci,
		   vf->last_error_age_ms / 1000, strerrorname_np((int)vf->last_errno) ?: "error",
		   vf->last_error);
	remedy(doctor, vf->last_error);
}

static void check_counters(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	if (!(vf->have & IAVFCTL_HAVE_COUNTERS))
		return;
	if (vf->counters.overrun) {
		doctor_say(doctor, DOCTOR_WARNING, "counters",
			   "%s: %" PRIu64 " answers of the PF were dropped, the daemon did not read them",
			   vf->pci, vf->counters.overrun);
		doctor_way_out(doctor, NULL,
			       "journalctl -u iavfd; is the machine short of CPU time?");
	}
	if (vf->counters.unproven_stops) {
		doctor_say(doctor, DOCTOR_WARNING, "counters",
			   "%s: %" PRIu64 " times the PF did not confirm that the queues were stopped",
			   vf->pci, vf->counters.unproven_stops);
		doctor_way_out(doctor, "S79", "look at the PF driver's log on the host");
	}
}

static void check_mtu(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	if (!(vf->have & IAVFCTL_HAVE_NETDEV) || !vf->max_mtu || vf->mtu <= vf->max_mtu)
		return;
	doctor_say(doctor, DOCTOR_PROBLEM, "mtu",
		   "%s has an MTU of %" PRIu32 ", its PF takes %" PRIu32, vf->ifname, vf->mtu,
		   vf->max_mtu);
	doctor_way_out(doctor, NULL,
		       "ip link set %s mtu %" PRIu32 ", or a larger MTU of the PF on the host",
		       vf->ifname, vf->max_mtu);
}

static void check_queues(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint32_t queues = vf->rx_queues > vf->tx_queues ? vf->rx_queues : vf->tx_queues;

	if (!(vf->have & IAVFCTL_HAVE_QUEUES))
		return;
	if (queues == 1 && cpus > 1 && vf->max_queues > 1) {
		doctor_say(doctor, DOCTOR_WARNING, "queues", "%s has one queue pair for %ld CPUs",
			   vf->pci, cpus);
		doctor_way_out(doctor, NULL,
			       "ethtool -L %s combined N; the host says how many a VF gets",
			       vf->ifname ?: "IF");
	}
	if (vf->vectors > 1 && queues > vf->vectors - 1) {
		doctor_say(doctor, DOCTOR_WARNING, "queues",
			   "%s: %" PRIu32 " queue pairs share %" PRIu32 " interrupts", vf->pci,
			   queues, vf->vectors - 1);
		doctor_way_out(doctor, NULL,
			       "more vectors for the VF on the host, or ethtool -L with fewer queues");
	}
}

/* The bond or bridge above, "" without. */
static void master_of(struct doctor *doctor, const struct iavfctl_vf *vf, char *name, size_t size)
{
	*name = '\0';
	if (vf->ifname && vf->netns_is_ours)
		host_link(doctor->cli, name, size, "/sys/class/net/%s/master", vf->ifname);
}

static void check_bond(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	char master[32], policy[32];

	master_of(doctor, vf, master, sizeof(master));
	if (!*master || !(vf->have & IAVFCTL_HAVE_LAST_ERROR) ||
	    !host_read(doctor->cli, policy, sizeof(policy), "/sys/class/net/%s/bonding/fail_over_mac",
		       master) || strncmp(policy, "active", 6) == 0)
		return;
	doctor_say(doctor, DOCTOR_WARNING, "bond",
		   "%s in %s: it needs addresses that its PF refused", vf->ifname, master);
	doctor_way_out(doctor, "S74", "fail_over_mac active for the bond, or %s", trust);
}

/* Addresses of bonds are the bond's affair. */
static void check_address(struct doctor *doctor, size_t i)
{
	const struct iavfctl_vf *vf = doctor->vfs[i], *other;
	char ours[32], theirs[32];

	master_of(doctor, vf, ours, sizeof(ours));
	for (size_t j = 0; j < i; j++) {
		other = doctor->vfs[j];
		master_of(doctor, other, theirs, sizeof(theirs));
		if (!(vf->have & other->have & IAVFCTL_HAVE_MAC) ||
		    memcmp(vf->mac, other->mac, 6) ||
		    (*ours && !strcmp(ours, theirs)))
			continue;
		doctor_say(doctor, DOCTOR_WARNING, "mac", "%s and %s have one address", other->pci,
			   vf->pci);
		doctor_way_out(doctor, "S87",
			       "give one of them another (ip link set %s address), or set both on the host",
			       vf->ifname ?: "IF");
	}
}

static void check_absence(struct doctor *doctor, const struct iavfctl_vf *vf)
{
	if (!vf->absent)
		return;
	doctor_say(doctor, DOCTOR_PROBLEM, "absence",
		   "%s: nobody controls it, on-absence %s is in force", vf->pci,
		   iavfctl_absence_word(vf->on_absence));
	doctor_way_out(doctor, NULL, "systemctl restart iavfd");
}

void doctor_vfs(struct doctor *doctor)
{
	if (doctor->kernel && doctor->kernel != IAVFCTL_NO_MODULE)
		doctor_say(doctor, DOCTOR_UNKNOWN, "vf", "%s", doctor->kernel_says);
	for (size_t i = 0; i < doctor->num_vfs; i++) {
		check_state(doctor, doctor->vfs[i]);
		check_absence(doctor, doctor->vfs[i]);
		check_error(doctor, doctor->vfs[i]);
		check_mtu(doctor, doctor->vfs[i]);
		check_queues(doctor, doctor->vfs[i]);
		check_bond(doctor, doctor->vfs[i]);
		check_address(doctor, i);
		check_counters(doctor, doctor->vfs[i]);
	}
}
