/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of a VF as people read them. "-" stands for what is not known. */
#ifndef IAVFCTL_TEXT_H
#define IAVFCTL_TEXT_H

#include <stddef.h>

#include "iavfctl.h"

/* All counters, in order; the last row has word NULL. */
extern const struct counter_row {
	const char *word;	/* of the specification */
	const char *key;	/* in JSON */
	size_t offset;		/* in struct iavfctl_counters */
} counter_rows[];

uint64_t counter_value(const struct iavfctl_vf *vf, unsigned int row);

void text_mac(const struct iavfctl_vf *vf, char mac[18]);
/* "25G", "2.5G", "100M" */
void text_speed(const struct iavfctl_vf *vf, char *text, size_t size);
/* "eth0", "eth0@4026532198" in another network namespace */
void text_ifname(const struct iavfctl_vf *vf, char *text, size_t size);
/* Milliseconds until a time of CLOCK_MONOTONIC; 0: it is over, or none. */
uint64_t text_until_ms(uint64_t us);
/* The same of CLOCK_BOOTTIME. */
uint64_t text_until_boottime_ms(uint64_t us);
/* The kernel's state, or "degraded". */
const char *text_state(const struct iavfctl_vf *vf);

/* UTC, such as 2026-11-23T08:40:01.123Z; ns since 1970, 0: now. */
void text_time(uint64_t ns, char text[32]);

#endif
