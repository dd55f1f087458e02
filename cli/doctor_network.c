// SPDX-License-Identifier: GPL-2.0-or-later
/* Others that configure interfaces, at boot and later. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "doctor.h"
#include "host.h"

static const char *const unit_folders[] = {
	"/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	"/lib/systemd/system", NULL,
};

/* The folder with a unit or its folder of drop-ins; NULL: there is none. */
static const char *unit_folder(const struct cli *cli, const char *name)
{
	for (unsigned int i = 0; unit_folders[i]; i++) {
		if (host_exists(cli, "%s/%s", unit_folders[i], name))
			return unit_folders[i];
	}
	return NULL;
}

/* NetworkManager: addresses of its own make an untrusted VF fail. */

struct search {
	const struct cli *cli;
	char where[300];
};

static bool find_cloned(void *ctx, const char *folder, const char *name)
{
	static const char *const cloned[][3] = {
		{ "ethernet.cloned-mac-address", "random", NULL },
		{ "ethernet.cloned-mac-address", "stable", NULL },
	};
	struct search *search = ctx;

	for (unsigned int i = 0; i < 2; i++) {
		if (host_has_line(search->cli, cloned[i], "%s/%s", folder, name))
			snprintf(search->where, sizeof(search->where), "%s/%s", folder, name);
	}
	return !*search->where;
}

static void check_network_manager(struct doctor *doctor)
{
	struct search search = { doctor->cli, "" };

	if (!host_exists(doctor->cli, "/run/NetworkManager"))
		return;
	find_cloned(&search, "/etc/NetworkManager", "NetworkManager.conf");
	if (!*search.where)
		host_each(doctor->cli, "/etc/NetworkManager/conf.d", find_cloned, &search);
	if (!*search.where) {
		doctor_say(doctor, DOCTOR_OK, "network",
			   "NetworkManager leaves addresses as they are");
		return;
	}
	doctor_say(doctor, DOCTOR_WARNING, "network",
		   "NetworkManager gives interfaces other addresses (%s), which PFs refuse to VFs that are not trusted",
		   search.where);
	doctor_way_out(doctor, "S80",
		       "a section [connection-iavf] with match-device=driver:iavf and ethernet.cloned-mac-address=permanent");
}

/* The interface has to be there before these look. */

static void check_cloud_init(struct doctor *doctor)
{
	static const char *const before[] = { "Before=", "cloud-init-local.service", NULL };
	const char *ours = unit_folder(doctor->cli, "iavfd.service");

	if (!unit_folder(doctor->cli, "cloud-init-local.service"))
		return;
	if (ours && host_has_line(doctor->cli, before, "%s/iavfd.service", ours)) {
		doctor_say(doctor, DOCTOR_OK, "network", "cloud-init waits for iavfd");
		return;
	}
	doctor_say(doctor, DOCTOR_WARNING, "network",
		   "cloud-init does not wait for iavfd: it may see no interface at boot");
	doctor_way_out(doctor, NULL,
		       "Before=cloud-init-local.service in iavfd.service, as the one that is installed has it");
}

static void check_ifupdown(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->num_vfs; i++) {
		const struct iavfctl_vf *vf = doctor->vfs[i];
		const char *const automatic[] = { "auto ", vf->ifname ?: "\n\n", NULL };

		if (!host_has_line(doctor->cli, automatic, "/etc/network/interfaces") ||
		    unit_folder(doctor->cli, "ifupdown-pre.service.d/iavfd.conf"))
			continue;
		doctor_say(doctor, DOCTOR_WARNING, "network",
			   "ifupdown brings %s up at boot, and does not wait for iavfd",
			   vf->ifname);
		doctor_way_out(doctor, NULL,
			       "install ifupdown-pre.service.d/iavfd.conf (make install has it), or allow-hotplug %s",
			       vf->ifname);
		return;
	}
}

/* Several interfaces in one network answer for each other's addresses. */

static bool is_vf(const struct doctor *doctor, const char *ifname)
{
	for (size_t i = 0; i < doctor->num_vfs; i++) {
		const struct iavfctl_vf *vf = doctor->vfs[i];

		if (vf->ifname && vf->netns_is_ours && !strcmp(vf->ifname, ifname))
			return true;
	}
	return false;
}

static bool is_ipv4(const struct ifaddrs *address)
{
	return address->ifa_addr && address->ifa_netmask &&
	       address->ifa_addr->sa_family == AF_INET && (address->ifa_flags & IFF_UP);
}

static bool same_network(const struct ifaddrs *a, const struct ifaddrs *b)
{
	const struct sockaddr_in *one = (const void *)a->ifa_addr, *two = (const void *)b->ifa_addr;
	const struct sockaddr_in *mask = (const void *)a->ifa_netmask;

	return !((one->sin_addr.s_addr ^ two->sin_addr.s_addr) & mask->sin_addr.s_addr);
}

static bool is_filtered(const struct doctor *doctor, const char *ifname)
{
	char all[8], one[8];

	host_read(doctor->cli, all, sizeof(all), "/proc/sys/net/ipv4/conf/all/arp_filter");
	host_read(doctor->cli, one, sizeof(one), "/proc/sys/net/ipv4/conf/%s/arp_filter", ifname);
	return *all == '1' || *one == '1';
}

static void check_pair(struct doctor *doctor, const struct ifaddrs *a, const struct ifaddrs *b)
{
	if (!is_ipv4(b) || !strcmp(a->ifa_name, b->ifa_name) || !same_network(a, b) ||
	    is_filtered(doctor, a->ifa_name))
		return;
	doctor_say(doctor, DOCTOR_WARNING, "network",
		   "%s and %s are in one network: either answers for both addresses", a->ifa_name,
		   b->ifa_name);
	doctor_way_out(doctor, "S83",
		       "sysctl net.ipv4.conf.all.arp_filter=1, or separate networks");
}

static void check_networks(struct doctor *doctor)
{
	struct ifaddrs *all;

	if (getifaddrs(&all))
		return;
	for (const struct ifaddrs *a = all; a; a = a->ifa_next) {
		if (!is_ipv4(a) || !is_vf(doctor, a->ifa_name))
			continue;
		for (const struct ifaddrs *b = a->ifa_next; b; b = b->ifa_next)
			check_pair(doctor, a, b);
	}
	freeifaddrs(all);
}

void doctor_network(struct doctor *doctor)
{
	check_network_manager(doctor);
	check_cloud_init(doctor);
	check_ifupdown(doctor);
	check_networks(doctor);
}
