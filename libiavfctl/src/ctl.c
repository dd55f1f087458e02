// SPDX-License-Identifier: LGPL-2.1-or-later
/* The handle: questions over generic netlink. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl.h"
#include "decode.h"
#include "iavf_netlink.h"
#include "whole.h"

#define DUMP_TRIES	10	/* a dump that VFs came or went under is asked for again */

struct collection {
	struct iavfctl *ctl;
	struct iavfctl_vf **vfs;
	size_t count;
};

enum iavfctl_error ctl_fail(struct iavfctl *ctl, enum iavfctl_error error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ctl->sentence, sizeof(ctl->sentence), format, args);
	va_end(args);
	return error;
}

/* -errno of a question to the kernel to an error with a sentence. */
static enum iavfctl_error fail_errno(struct iavfctl *ctl, const char *what, int err)
{
	enum iavfctl_error error = IAVFCTL_FAILED;

	if (err == -EPERM || err == -EACCES)
		error = IAVFCTL_NOT_PERMITTED;
	return ctl_fail(ctl, error, "%s: %s", what,
		    *ctl->genl.sentence ? ctl->genl.sentence : strerror(-err));
}

enum iavfctl_error iavfctl_open(struct iavfctl **out)
{
	struct iavfctl *ctl = calloc(1, sizeof(*ctl));
	struct stat ns;
	int err;

	*out = NULL;
	if (!ctl)
		return IAVFCTL_FAILED;
	err = genl_open(&ctl->genl);
	if (err) {
		free(ctl);
		errno = -err;
		return IAVFCTL_FAILED;
	}
	if (!stat("/proc/self/ns/net", &ns))
		ctl->our_netns = ns.st_ino;
	*out = ctl;
	return IAVFCTL_OK;
}

void iavfctl_close(struct iavfctl *ctl)
{
	if (!ctl)
		return;
	genl_close(&ctl->genl);
	free(ctl);
}

const char *iavfctl_sentence(const struct iavfctl *ctl)
{
	return ctl->sentence;
}

static enum iavfctl_error find(struct iavfctl *ctl, struct genl_family *family)
{
	int err = genl_find(&ctl->genl, IAVF_FAMILY_NAME, NULL, family);

	if (err == -ENOENT)
		return ctl_fail(
			ctl, IAVFCTL_NO_MODULE,
			"the kernel module iavf_session is not loaded (or this is not the initial network namespace)");
	return err ? fail_errno(ctl, "cannot find the kernel's iavf family", err) : IAVFCTL_OK;
}

static int collect(const struct nlmsghdr *message, void *data)
{
	struct collection *all = data;
	struct iavfctl_vf **grown = realloc(all->vfs, (all->count + 1) * sizeof(*grown));
	int err;

	if (!grown)
		return -ENOMEM;
	all->vfs = grown;
	err = vf_decode(message, all->ctl->our_netns, &all->vfs[all->count]);
	if (!err)
		all->count++;
	return err;
}

static int dump(struct iavfctl *ctl, uint16_t family, struct collection *all)
{
	uint8_t buf[64] __attribute__((aligned(8)));
	int err = -EINTR;

	for (int i = 0; i < DUMP_TRIES && err == -EINTR; i++) {
		iavfctl_list_free(all->vfs, all->count);
		*all = (struct collection){ .ctl = ctl };
		err = genl_ask(&ctl->genl, genl_start(buf, family, IAVF_CMD_VF_GET, NLM_F_DUMP),
			       collect, all);
	}
	return err;
}

enum iavfctl_error iavfctl_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs, size_t *count)
{
	struct collection all = { .ctl = ctl };
	struct genl_family family;
	enum iavfctl_error error;
	int err;

	ctl->sentence[0] = '\0';
	*vfs = NULL;
	*count = 0;
	error = find(ctl, &family);
	if (error)
		return error;
	err = dump(ctl, family.id, &all);
	if (err) {
		iavfctl_list_free(all.vfs, all.count);
		return fail_errno(ctl, "cannot list the VFs", err);
	}
	if (all.count)
		qsort(all.vfs, all.count, sizeof(*all.vfs), whole_by_pci);
	*vfs = all.vfs;
	*count = all.count;
	return IAVFCTL_OK;
}

void iavfctl_list_free(struct iavfctl_vf **vfs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		iavfctl_vf_free(vfs[i]);
	free(vfs);
}

enum iavfctl_error iavfctl_choose(struct iavfctl *ctl, struct iavfctl_vf *const *vfs, size_t count,
				  const char *name, struct iavfctl_vf **vf)
{
	size_t other = 0;
	int found = vf_match(vfs, count, name, &other);

	*vf = NULL;
	ctl->sentence[0] = '\0';
	if (found == -ENOTUNIQ)
		return ctl_fail(ctl, IAVFCTL_USAGE,
				"'%s' fits more than one VF, %s is one of them", name,
				vfs[other]->pci);
	if (found < 0)
		return ctl_fail(ctl, IAVFCTL_NOT_FOUND, "no VF is called '%s'", name);
	*vf = vfs[found];
	return IAVFCTL_OK;
}

enum iavfctl_error iavfctl_get(struct iavfctl *ctl, const char *name, struct iavfctl_vf **vf)
{
	struct iavfctl_vf **vfs;
	size_t count;
	enum iavfctl_error error = iavfctl_list(ctl, &vfs, &count);

	*vf = NULL;
	if (error)
		return error;
	error = iavfctl_choose(ctl, vfs, count, name, vf);
	for (size_t i = 0; i < count; i++)
		vfs[i] = vfs[i] == *vf ? NULL : vfs[i];
	iavfctl_list_free(vfs, count);
	return error;
}

enum iavfctl_error iavfctl_family_version(struct iavfctl *ctl, uint32_t *version)
{
	struct genl_family family;
	enum iavfctl_error error;

	ctl->sentence[0] = '\0';
	error = find(ctl, &family);
	if (!error)
		*version = family.version;
	return error;
}
