/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration files in, settings of each VF with their origin out. See README.md and
 * iavfd.json(5) for the files.
 *
 * All but config_read() is pure: bytes and names in, no I/O, no clock, no globals. Functions that
 * return int return 0 or a negative errno; without another word that is -ENOMEM, and then nothing
 * has changed.
 */
#ifndef IAVFD_CONFIG_H
#define IAVFD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/settings.h"

#define CONFIG_SCHEMA		"iavf-config/1"
#define CONFIG_FILE_MAX		(256 * 1024)	/* bytes of a file */
#define CONFIG_DEPTH_MAX	16		/* of objects and arrays in each other */
#define CONFIG_FILES_MAX	512		/* of all folders */
#define CONFIG_ERRORS_MAX	32		/* of a file; what is beyond is not told */

/* ---- errors ---- */

/* Everything belongs to whoever has the error, and lives as long. No control characters in it. */
struct config_error {
	char *file;			/* as given to config_add() */
	unsigned int line, column;	/* from 1; column in characters; 0: the file as such */
	char *path;			/* "config.vlan.devices[2].id"; "": the file as such */
	char *message;			/* one sentence without file and path */
	char *found;			/* as written, cut to 40 bytes; NULL: nothing to show */
	char *allowed;			/* what may be there; NULL: the message says it */
	char *nearest;			/* the known key that was probably meant; NULL: none */
};

/* "FILE:LINE:COLUMN: PATH: MESSAGE", what of it is known; to be freed, NULL: no memory. */
char *config_error_text(const struct config_error *error);

/* ---- settings of one VF ---- */

struct setting_origin {
	const char *file;		/* NULL: not from a file */
	unsigned int line, column;
};

struct vf_config;

/* Nothing set, valid. NULL: no memory. */
struct vf_config *vf_config_new(void);
/* NULL: no memory. */
struct vf_config *vf_config_copy(const struct vf_config *config);
void vf_config_free(struct vf_config *config);

/* NULL: not set. It and its origin change with the next change of config. */
const struct setting_value *vf_config_get(const struct vf_config *config, enum setting setting);
/* NULL: not set. */
const struct setting_origin *vf_config_origin(const struct vf_config *config,
					      enum setting setting);

/*
 * Copies value and origin (NULL: none). Takes away those that stand instead of it (see
 * struct setting_type). setting: of a VF.
 */
int vf_config_set(struct vf_config *config, enum setting setting, const struct setting_value *value,
		  const struct setting_origin *origin);
void vf_config_unset(struct vf_config *config, enum setting setting);
/* All that over sets, over what is set. */
int vf_config_merge(struct vf_config *config, const struct vf_config *over);

/* The same values; origins and validity do not count. */
bool vf_config_equal(const struct vf_config *a, const struct vf_config *b);

/*
 * false: some file that may be about this VF is bad, or what files say does not fit together. The
 * values are then those of the good files, for show only: apply nothing of them.
 */
bool vf_config_valid(const struct vf_config *config);
/* The first error as a sentence with its place; NULL: valid. Belongs to config. */
const char *vf_config_reason(const struct vf_config *config);

/*
 * Canonical JSON: {"schema":"iavf-config/1","config":{...}}, one line, keys in the order of the
 * table; equal configurations are equal bytes. To be freed. NULL: no memory.
 */
char *vf_config_print(const struct vf_config *config);
/*
 * Back from that text (or any file without "match" and "daemon"). 0; -ENOMEM; -EINVAL: not such a
 * text, *error (may be NULL) is the first sentence, to be freed.
 */
int vf_config_read(const char *text, size_t len, struct vf_config **config, char **error);

/* Do its values fit together? NULL: yes, or a sentence with its place, to be freed. */
char *vf_config_contradiction(const struct vf_config *config);

/* ---- matching ---- */

/* What is known of a VF; "" or -1 is not known, and what is not known matches nothing. */
struct vf_facts {
	char pci[32];			/* "0000:3b:02.0" */
	char pf[SETTING_NAME_SIZE];	/* the PF's interface, where this host has the PF */
	int vf_index;			/* of the PF */
	/* That of the host, or the stable one: not one that was configured or set by a user. */
	bool mac_known;
	uint8_t mac[6];
	uint16_t vendor, device;	/* 0: not known */
};

/* ---- the files ---- */

enum config_kind {
	CONFIG_MAIN,			/* iavfd.json: of all VFs, and of the daemon */
	CONFIG_VF			/* vf.d/NN-name.json: of the VFs that match */
};

struct config;

/* Empty. NULL: no memory. */
struct config *config_new(void);
void config_free(struct config *config);

/*
 * A file over those that were added before: per key the last one counts. Names are for people.
 * 0; -EINVAL: it is bad, its errors are noted and the VFs it may be about are marked; -ENOMEM.
 */
int config_add(struct config *config, enum config_kind kind, const char *file, const char *text,
	       size_t len);
/* A file that cannot be read or is not to be trusted: all VFs are marked. */
int config_add_unread(struct config *config, const char *file, const char *message);

/*
 * All layers below root, an open folder ("/" but in tests): usr/lib/iavfd, run/iavfd, etc/iavfd,
 * names in errors from "/". A file counts if owner has it and nobody else may write it; so must
 * the folders, which self (the daemon's user) may have as well. Waits for disks: not for the loop.
 * 0, also when files are bad; -ENOMEM.
 */
int config_read(struct config *config, int root, uid_t owner, uid_t self);

size_t config_num_errors(const struct config *config);
/* i below the number; belongs to config. */
const struct config_error *config_error(const struct config *config, size_t i);

/* The files that count, in their order; good says whether it was. NULL: no such i. */
const char *config_file(const struct config *config, size_t i, bool *good);
/* Does the file (i as above) say something about this VF, or may it, being bad? */
bool config_file_matches(const struct config *config, size_t i, const struct vf_facts *facts);

/* Merged for this VF; to be freed. NULL: no memory. */
struct vf_config *config_for_vf(const struct config *config, const struct vf_facts *facts);

/* Of the daemon itself (domain SETTING_PROCESS). NULL: not set. */
const struct setting_value *config_process(const struct config *config, enum setting setting);

#endif
