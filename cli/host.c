// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "host.h"

__attribute__((format(printf, 3, 0)))
static void path_of(const struct cli *cli, char path[PATH_MAX], const char *format, va_list args)
{
	int n = snprintf(path, PATH_MAX, "%s", cli->root ?: "");

	vsnprintf(path + n, PATH_MAX - n, format, args);
}

bool host_read(const struct cli *cli, char *text, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	size_t got = 0;
	va_list args;
	FILE *file;

	va_start(args, format);
	path_of(cli, path, format, args);
	va_end(args);
	file = fopen(path, "re");
	if (file) {
		got = fread(text, 1, size - 1, file);
		fclose(file);
	}
	text[got] = '\0';
	if (got && text[got - 1] == '\n')
		text[got - 1] = '\0';
	return file != NULL;
}

bool host_exists(const struct cli *cli, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	path_of(cli, path, format, args);
	va_end(args);
	return !access(path, F_OK);
}

bool host_link(const struct cli *cli, char *name, size_t size, const char *format, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	va_list args;
	ssize_t got;

	va_start(args, format);
	path_of(cli, path, format, args);
	va_end(args);
	got = readlink(path, target, sizeof(target) - 1);
	target[got > 0 ? got : 0] = '\0';
	last = strrchr(target, '/');
	snprintf(name, size, "%s", last ? last + 1 : target);
	return got > 0;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void host_each(const struct cli *cli, const char *folder,
	       bool (*one)(void *ctx, const char *folder, const char *name), void *ctx)
{
	struct dirent **entries;
	char path[PATH_MAX];
	bool more = true;
	int count;

	snprintf(path, sizeof(path), "%s%s", cli->root ?: "", folder);
	count = scandir(path, &entries, visible, alphasort);
	for (int i = 0; i < count; i++) {
		more = more && one(ctx, folder, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static bool has_all(const char *line, const char *const *words)
{
	for (; *words; words++) {
		if (!strstr(line, *words))
			return false;
	}
	return true;
}

bool host_has_line(const struct cli *cli, const char *const *words, const char *format, ...)
{
	char path[PATH_MAX], line[1024];
	bool found = false;
	va_list args;
	FILE *file;

	va_start(args, format);
	path_of(cli, path, format, args);
	va_end(args);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = line[strspn(line, " \t")] != '#' && has_all(line, words);
	if (file)
		fclose(file);
	return found;
}

/* The physical function */

struct search {
	const struct cli *cli;
	const char *vf;
	struct host_pf *pf;
};

static bool first_netdev(void *ctx, const char *folder, const char *name)
{
	struct search *search = ctx;

	snprintf(search->pf->ifname, sizeof(search->pf->ifname), "%s", name);
	return false;
}

static bool is_it(void *ctx, const char *folder, const char *name)
{
	struct search *search = ctx;
	char pci[32];

	if (strncmp(name, "virtfn", 6) ||
	    !host_link(search->cli, pci, sizeof(pci), "%s/%s", folder, name) ||
	    strcmp(pci, search->vf))
		return true;
	snprintf(search->pf->index, sizeof(search->pf->index), "%.7s", name + 6);
	return false;
}

void host_pf(const struct cli *cli, const char *vf, struct host_pf *pf)
{
	struct search search = { cli, vf, pf };
	char folder[128];

	memset(pf, 0, sizeof(*pf));
	if (!host_link(cli, pf->pci, sizeof(pf->pci), "/sys/bus/pci/devices/%s/physfn", vf))
		return;
	snprintf(folder, sizeof(folder), "/sys/bus/pci/devices/%s", pf->pci);
	host_each(cli, folder, is_it, &search);
	snprintf(folder, sizeof(folder), "/sys/bus/pci/devices/%s/net", pf->pci);
	host_each(cli, folder, first_netdev, &search);
}
