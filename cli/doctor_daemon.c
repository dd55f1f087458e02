// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon: is it there, does it answer, does it fit, will it be there after a boot? */
#include <inttypes.h>
#include <string.h>

#include "doctor.h"
#include "host.h"

static const struct iavfctl_vf *owned(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->num_vfs; i++) {
		if (doctor->vfs[i]->have & IAVFCTL_HAVE_OWNER)
			return doctor->vfs[i];
	}
	return NULL;
}

static void check_absent(struct doctor *doctor)
{
	const struct iavfctl_vf *vf = owned(doctor);

	if (doctor->bus == IAVFCTL_NOT_PERMITTED) {
		doctor_say(doctor, DOCTOR_UNKNOWN, "daemon", "%s", doctor->bus_says);
	} else if (vf) {
		doctor_say(doctor, DOCTOR_WARNING, "daemon",
			   "process %" PRIu32 " owns the VFs, and is not to be reached over D-Bus: %s",
			   vf->owner_pid, doctor->bus_says);
		doctor_way_out(doctor, NULL, "systemctl status dbus; journalctl -u iavfd");
	} else {
		doctor_say(doctor, DOCTOR_PROBLEM, "daemon",
			   "%s; VFs keep their traffic, and nothing about them can be changed",
			   doctor->bus_says);
		doctor_way_out(doctor, NULL, "systemctl start iavfd; journalctl -u iavfd");
	}
}

static void check_present(struct doctor *doctor)
{
	const struct iavfctl_daemon *daemon = doctor->daemon;

	if (daemon->waiting) {
		doctor_say(doctor, DOCTOR_PROBLEM, "daemon", "iavfd %s waits: %s", daemon->version,
			   daemon->waiting);
		doctor_way_out(doctor, NULL, "journalctl -u iavfd says more");
	} else {
		doctor_say(doctor, DOCTOR_OK, "daemon",
			   "iavfd %s is attached to the kernel, abi %" PRIu32, daemon->version,
			   daemon->abi);
	}
}

static void check_answers(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->num_vfs; i++) {
		const struct iavfctl_vf *vf = doctor->vfs[i];

		if (!vf->unresponsive)
			continue;
		doctor_say(doctor, DOCTOR_PROBLEM, "daemon",
			   "process %" PRIu32 " does not answer the kernel", vf->owner_pid);
		doctor_way_out(doctor, NULL, "systemctl restart iavfd (traffic goes on)");
		return;
	}
}

static void check_versions(struct doctor *doctor)
{
	const char *daemon = doctor->daemon ? doctor->daemon->version : IAVF_VERSION;
	char module[64];

	if (!host_read(doctor->cli, module, sizeof(module), "/sys/module/iavf_session/version"))
		snprintf(module, sizeof(module), "%s", IAVF_VERSION);
	if (!strcmp(daemon, IAVF_VERSION) && !strcmp(iavfctl_version(), IAVF_VERSION) &&
	    !strcmp(module, IAVF_VERSION)) {
		doctor_say(doctor, DOCTOR_OK, "versions", "all parts are %s", IAVF_VERSION);
		return;
	}
	doctor_say(doctor, DOCTOR_WARNING, "versions",
		   "iavfctl %s, libiavfctl %s, iavfd %s, module %s", IAVF_VERSION,
		   iavfctl_version(), daemon, module);
	doctor_way_out(doctor, NULL,
		       "they work together, but an update was not finished: systemctl restart iavfd, then 'make load' or a reboot");
}

static void check_enabled(struct doctor *doctor)
{
	if (!host_exists(doctor->cli, "/run/systemd/system"))
		return;
	if (host_exists(doctor->cli, "/etc/systemd/system/sysinit.target.wants/iavfd.service")) {
		doctor_say(doctor, DOCTOR_OK, "service", "iavfd starts at boot");
		return;
	}
	doctor_say(doctor, DOCTOR_WARNING, "service", "iavfd does not start at boot");
	doctor_way_out(doctor, NULL, "systemctl enable iavfd");
}

static void check_limits(struct doctor *doctor)
{
	static const char *const unlimited[] = { "Max locked memory", "unlimited", NULL };
	const struct iavfctl_vf *vf = owned(doctor);
	char text[8];

	if (!vf)
		return;
	if (!host_read(doctor->cli, text, sizeof(text), "/proc/%" PRIu32 "/limits", vf->owner_pid) ||
	    !*text) {
		doctor_say(doctor, DOCTOR_UNKNOWN, "limits", "the limits of process %" PRIu32
			   " are for root to see", vf->owner_pid);
	} else if (host_has_line(doctor->cli, unlimited, "/proc/%" PRIu32 "/limits",
				 vf->owner_pid)) {
		doctor_say(doctor, DOCTOR_OK, "limits", "iavfd may lock its memory");
	} else {
		doctor_say(doctor, DOCTOR_WARNING, "limits",
			   "iavfd may not lock its memory: when memory is short it may wait for a disk that hangs on a VF");
		doctor_way_out(doctor, NULL,
			       "LimitMEMLOCK=infinity in its unit, as the one that is installed has it");
	}
}

static void check_configuration(struct doctor *doctor)
{
	if (!doctor->daemon || (doctor->may_look && doctor->may_look != IAVFCTL_NOT_PERMITTED))
		return;
	if (doctor->may_look) {
		doctor_say(doctor, DOCTOR_UNKNOWN, "config",
			   "whether the files of /etc/iavfd are valid is for root to see");
	} else if (doctor->bad_file) {
		doctor_say(doctor, DOCTOR_WARNING, "config", "%s", doctor->bad_file);
		doctor_way_out(doctor, NULL,
			       "VFs that this file is about keep what they have: 'iavfctl config edit' it, then 'iavfctl reload'");
	} else {
		doctor_say(doctor, DOCTOR_OK, "config", "the files of /etc/iavfd are valid");
	}
}

void doctor_daemon(struct doctor *doctor)
{
	if (doctor->daemon)
		check_present(doctor);
	else
		check_absent(doctor);
	check_answers(doctor);
	check_versions(doctor);
	check_enabled(doctor);
	check_limits(doctor);
	check_configuration(doctor);
}
