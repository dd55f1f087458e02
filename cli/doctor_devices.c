// SPDX-License-Identifier: GPL-2.0-or-later
/* PCI devices that are VFs of this kind, and what has them. */
#include <string.h>

#include "doctor.h"
#include "host.h"

static const char *const ids[] = { "0x1889", "0x154c", "0x1571", "0x37cd", NULL };

struct search {
	struct doctor *doctor;
	unsigned int found, ours;
};

static bool is_vf(const struct cli *cli, const char *folder, const char *name)
{
	char vendor[16], device[16];

	if (!host_read(cli, vendor, sizeof(vendor), "%s/%s/vendor", folder, name) ||
	    strcmp(vendor, "0x8086") ||
	    !host_read(cli, device, sizeof(device), "%s/%s/device", folder, name))
		return false;
	for (unsigned int i = 0; ids[i]; i++) {
		if (!strcmp(device, ids[i]))
			return true;
	}
	return false;
}

static bool is_known(const struct doctor *doctor, const char *pci)
{
	for (size_t i = 0; i < doctor->num_vfs; i++) {
		if (!strcmp(doctor->vfs[i]->pci, pci))
			return true;
	}
	return false;
}

static void check_pf(struct doctor *doctor, const char *vf)
{
	struct host_pf pf;

	host_pf(doctor->cli, vf, &pf);
	if (!*pf.pci || host_exists(doctor->cli, "/sys/bus/pci/devices/%s/driver", pf.pci))
		return;
	doctor_say(doctor, DOCTOR_PROBLEM, "devices", "%s: its physical function %s has no driver",
		   vf, pf.pci);
	doctor_way_out(doctor, "S88",
		       "load the PF's driver (ice, i40e); do not unload it while VFs are in use");
}

static bool check_device(void *ctx, const char *folder, const char *name)
{
	struct search *search = ctx;
	struct doctor *doctor = search->doctor;
	char driver[64];

	if (!is_vf(doctor->cli, folder, name))
		return true;
	search->found++;
	host_link(doctor->cli, driver, sizeof(driver), "%s/%s/driver", folder, name);
	if (!*driver) {
		doctor_say(doctor, DOCTOR_WARNING, "devices", "%s has no driver", name);
		doctor_way_out(doctor, NULL,
			       "echo %s >/sys/bus/pci/drivers_probe; journalctl -k | grep iavf",
			       name);
	} else if (strcmp(driver, "iavf")) {
		doctor_say(doctor, DOCTOR_OK, "devices", "%s is used by %s", name, driver);
	} else if (!doctor->kernel && !is_known(doctor, name)) {
		doctor_say(doctor, DOCTOR_PROBLEM, "devices",
			   "%s is bound to iavf, which does not list it", name);
		doctor_way_out(doctor, NULL, "journalctl -k | grep iavf");
	} else {
		search->ours++;
	}
	check_pf(doctor, name);
	return true;
}

static bool count_one(void *ctx, const char *folder, const char *name)
{
	++*(unsigned int *)ctx;
	return true;
}

/* What VFIO maps for a VM is 65,535 pages by default, and a change of rings has both sets. */
static void check_mappings(struct doctor *doctor)
{
	static const char *const hypervisor[] = { "flags", " hypervisor", NULL };
	unsigned long pages = 0;

	for (size_t i = 0; i < doctor->num_vfs; i++)
		pages += (unsigned long)doctor->vfs[i]->rx_queues * doctor->vfs[i]->rx_ring;
	if (pages <= 65535 / 2 || !host_has_line(doctor->cli, hypervisor, "/proc/cpuinfo"))
		return;
	doctor_say(doctor, DOCTOR_WARNING, "iommu",
		   "%lu receive buffers with a virtual IOMMU: VFIO maps 65,535 pages for a virtual machine by default",
		   pages);
	doctor_way_out(doctor, NULL,
		       "smaller rings (ethtool -G), fewer queues (ethtool -L), or more dma_entry_limit of vfio_iommu_type1 on the host");
}

static void check_iommu(struct doctor *doctor)
{
	unsigned int groups = 0;

	host_each(doctor->cli, "/sys/kernel/iommu_groups", count_one, &groups);
	if (!groups) {
		doctor_say(doctor, DOCTOR_OK, "iommu",
			   "there is none, as is usual in a virtual machine: the device reaches all memory");
		return;
	}
	doctor_say(doctor, DOCTOR_OK, "iommu", "%u groups: a device reaches only what it was given",
		   groups);
	check_mappings(doctor);
}

void doctor_devices(struct doctor *doctor)
{
	struct search search = { doctor, 0, 0 };

	host_each(doctor->cli, "/sys/bus/pci/devices", check_device, &search);
	if (!search.found) {
		doctor_say(doctor, DOCTOR_WARNING, "devices", "there is no VF on this machine");
		doctor_way_out(doctor, NULL,
			       "on the host: echo N >/sys/class/net/PF/device/sriov_numvfs; a virtual machine has to be given one");
	} else if (search.ours) {
		doctor_say(doctor, DOCTOR_OK, "devices", "iavf has %u of %u VFs", search.ours,
			   search.found);
	}
	check_iommu(doctor);
}
