// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>

#include "pf/internal.h"

void pf_violation(struct pf_vf *vf, const char *fmt, ...)
{
	struct pf *pf = vf->pf;
	char what[160];
	va_list ap;

	pf->num_violations++;
	if (!pf->violation)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	pf->violation(pf->violation_ctx, vf->id, what);
}

void pf_on_violation(struct pf *pf, void (*fn)(void *ctx, unsigned int vf, const char *what),
		     void *ctx)
{
	pf->violation = fn;
	pf->violation_ctx = ctx;
}

uint64_t pf_violations(const struct pf *pf)
{
	return pf->num_violations;
}
