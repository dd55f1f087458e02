/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What clients get to read: documents of schema "iavf-plan/1" and "iavf-vf-config/1" and
 * "iavf-validation/1" (docs/spec/policy.md). Pure. All texts are to be freed; NULL: no memory.
 */
#ifndef IAVFD_RESULT_H
#define IAVFD_RESULT_H

#include "config/config.h"
#include "txn.h"

/* checkpoint: its id, NULL: there is none; seconds: until it is rolled back, 0: it is not. */
char *result_txn(const struct txn *txn, const char *checkpoint, unsigned int seconds);

/* What a configuration says of a VF, from where, and what it is like. */
struct result_vf {
	const char *pci;
	const struct vf_config *wanted;		/* applied last, with origins; NULL: nothing was */
	const struct vf_config *live;		/* NULL: could not be looked at, because of trouble */
	const struct host_state *host;		/* for the RSS table; may be NULL */
	const char *trouble;			/* NULL: none */
	const char *invalid;			/* its files are not valid: why; NULL: they are */
	const struct config *files;		/* that count; NULL: not read */
	const struct vf_facts *facts;		/* of the VF, for which of them match; NULL: not known */
};
char *result_describe(const struct result_vf *vf);

/* Errors of documents; none: they are valid. */
char *result_validation(const struct config *config);

/* Does what was applied last to this VF differ from what it is like? */
bool result_drifted(const struct result_vf *vf, enum setting setting);

#endif
