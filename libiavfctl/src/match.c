// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "decode.h"

enum fit { FIT_NOT, FIT_PREFIX, FIT_EXACT };

static enum fit fit(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(text, name, len))
		return FIT_NOT;
	return text[len] ? FIT_PREFIX : FIT_EXACT;
}

/* Interface names are case-sensitive, PCI addresses are not. */
static enum fit fit_ifname(const char *ifname, const char *name)
{
	if (!ifname || strncmp(ifname, name, strlen(name)))
		return FIT_NOT;
	return fit(ifname, name);
}

static enum fit fit_vf(const struct iavfctl_vf *vf, const char *name)
{
	const char *bus = strchr(vf->pci, ':');
	enum fit best = fit(vf->pci, name), next = fit_ifname(vf->ifname, name);

	best = next > best ? next : best;
	next = bus ? fit(bus + 1, name) : FIT_NOT;
	return next > best ? next : best;
}

int vf_match(struct iavfctl_vf *const *vfs, size_t count, const char *name, size_t *other)
{
	enum fit best = FIT_NOT;
	int match = -ENOENT;

	for (size_t i = 0; *name && i < count; i++) {
		enum fit now = fit_vf(vfs[i], name);

		if (now == FIT_NOT || now < best)
			continue;
		if (now == best) {
			*other = i;
			match = match >= 0 ? -ENOTUNIQ : match;
			continue;
		}
		best = now;
		match = (int)i;
	}
	return match;
}
