// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <json.h>

#include "json_out.h"
#include "verbs.h"

const char version_help[] =
	"Versions of this program, of the library it runs with, of the daemon and the abi it was\n"
	"made for, of the loaded kernel modules and of their netlink family, and the process that\n"
	"owns the VFs. What is not there is left out (null in JSON); that is no failure. A module\n"
	"that has no version is just 'loaded'.\n";

struct versions {
	char iavf[64], session[64];	/* kernel modules, "" when not loaded */
	char iavfd[64];			/* "" when it is not on D-Bus */
	uint32_t abi;
	bool has_family;
	uint32_t family;
	uint32_t owner_pid;		/* 0: none */
};

/* A module without a version of its own is known by its source's checksum, or is just there. */
static void read_module(const char *name, char *text, size_t size)
{
	static const char *const files[] = { "version", "srcversion" };
	char path[128];

	text[0] = '\0';
	for (unsigned int i = 0; i < 2 && !*text; i++) {
		FILE *file;

		snprintf(path, sizeof(path), "/sys/module/%s/%s", name, files[i]);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(text, (int)size, file))
			text[strcspn(text, "\n")] = '\0';
		fclose(file);
	}
	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (!*text && !access(path, F_OK))
		snprintf(text, size, "loaded");
}

static void read_running(struct versions *versions)
{
	struct iavfctl_daemon *daemon;
	struct iavfctl_vf **vfs;
	struct iavfctl *ctl;
	size_t count;

	if (iavfctl_open(&ctl))
		return;
	if (!iavfctl_daemon(ctl, &daemon)) {
		snprintf(versions->iavfd, sizeof(versions->iavfd), "%s", daemon->version);
		versions->abi = daemon->abi;
		iavfctl_daemon_free(daemon);
	}
	versions->has_family = !iavfctl_family_version(ctl, &versions->family);
	if (!iavfctl_list(ctl, &vfs, &count)) {
		for (size_t i = 0; i < count; i++)
			versions->owner_pid = vfs[i]->owner_pid ?: versions->owner_pid;
		iavfctl_list_free(vfs, count);
	}
	iavfctl_close(ctl);
}

static struct json_object *text_or_null(const char *text)
{
	return *text ? json_object_new_string(text) : NULL;
}

static struct json_object *to_json(const struct versions *versions)
{
	struct json_object *all = json_object_new_object();

	json_object_object_add(all, "iavfctl", json_object_new_string(IAVF_VERSION));
	json_object_object_add(all, "libiavfctl", json_object_new_string(iavfctl_version()));
	json_object_object_add(all, "iavfd", text_or_null(versions->iavfd));
	json_object_object_add(all, "abi", *versions->iavfd ?
			       json_object_new_int64(versions->abi) : NULL);
	json_object_object_add(all, "iavf", text_or_null(versions->iavf));
	json_object_object_add(all, "iavf_session", text_or_null(versions->session));
	json_object_object_add(all, "family", versions->has_family ?
			       json_object_new_int64(versions->family) : NULL);
	json_object_object_add(all, "owner_pid", versions->owner_pid ?
			       json_object_new_int64(versions->owner_pid) : NULL);
	return all;
}

static void print(FILE *out, const struct versions *versions)
{
	fprintf(out, "%-14s%s\n", "iavfctl", IAVF_VERSION);
	fprintf(out, "%-14s%s\n", "libiavfctl", iavfctl_version());
	if (*versions->iavfd)
		fprintf(out, "%-14s%s (abi %" PRIu32 ")\n", "iavfd", versions->iavfd,
			versions->abi);
	if (*versions->iavf)
		fprintf(out, "%-14s%s\n", "iavf", versions->iavf);
	if (*versions->session)
		fprintf(out, "%-14s%s\n", "iavf_session", versions->session);
	if (versions->has_family)
		fprintf(out, "%-14s%" PRIu32 "\n", "family", versions->family);
	if (versions->owner_pid)
		fprintf(out, "%-14s%" PRIu32 "\n", "owner-pid", versions->owner_pid);
}

int verb_version(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	struct versions versions = { .has_family = false };
	int code = cli_options(cli, verb, argc, argv, 0, 0);

	if (code >= 0)
		return code;
	read_module("iavf", versions.iavf, sizeof(versions.iavf));
	read_module("iavf_session", versions.session, sizeof(versions.session));
	read_running(&versions);
	if (cli->json)
		json_put_document(cli->out, "version", to_json(&versions));
	else
		print(cli->out, &versions);
	return 0;
}
