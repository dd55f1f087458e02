/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration documents that a verb sends to the daemon. */
#ifndef IAVFCTL_DOCUMENTS_H
#define IAVFCTL_DOCUMENTS_H

#include "cli.h"

struct documents {
	struct iavfctl_document *all;
	size_t num;
};

/* The files; "-" is stdin. -1, or the exit code when it said why not. */
int documents_read(struct cli *cli, char **files, int count, struct documents *documents);
/* text is the documents' own then, also on failure. */
int documents_add(struct cli *cli, const char *name, char *text, struct documents *documents);
void documents_free(struct documents *documents);

/* The answer of iavfctl_validate(), for people or with -j. 0: valid; else the exit code. */
int validate_print(struct cli *cli, const char *json);
/* The first error of such an answer, malloc()ed; NULL: there is none. */
char *validate_first(const char *json);

/* The keys of an answer of iavfctl_describe(), as a table. The exit code. */
struct json_object;
int config_print_keys(struct cli *cli, struct json_object *json);

/* Of --confirm[=SECONDS]: 120 if not said; 0: not a number of 1 to 86400. */
uint32_t seconds_of(const char *text);

#endif
