/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of this folder know of each other. */
#ifndef IAVFD_CONFIG_FILES_H
#define IAVFD_CONFIG_FILES_H

#include "config.h"
#include "document.h"

/* Each of a match's kinds is a list, of which one has to fit; an empty list fits all. */
struct match {
	char **pci, **pf;		/* NULL behind the last */
	uint8_t (*macs)[6];
	uint32_t num_macs;
	uint8_t *vf_index;		/* bitmap of MATCH_INDEX_MAX + 1; NULL: all */
	struct {
		uint16_t vendor, device;
	} *ids;
	uint32_t num_ids;
};

#define MATCH_INDEX_MAX	255

struct config_file {
	char *name;
	bool good;
	struct match match;		/* empty if it could not be read */
	struct vf_config *settings;	/* of a good one; with those of the daemon */
	char *reason;			/* of a bad one: its first error */
};

struct config {
	struct config_file *files;
	uint32_t num, room;
	struct error_list errors;
};

/* "match": 0, -EINVAL with errors, -ENOMEM; match is empty then. */
int match_read(const struct node *node, struct match *match);
void match_free(struct match *match);
bool match_fits(const struct match *match, const struct vf_facts *facts);

/* Objects of settings of one domain's kind, into settings. 0, -EINVAL with errors, -ENOMEM. */
int settings_read(const struct node *node, bool process, struct vf_config *settings);

/* The first reason stays. Takes reason, malloc'd. */
void vf_config_refuse(struct vf_config *config, char *reason);

#endif
