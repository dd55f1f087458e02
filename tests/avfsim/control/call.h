/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verb as it is called; for the files of the verbs only. */
#ifndef AVFSIM_CONTROL_CALL_H
#define AVFSIM_CONTROL_CALL_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim;

struct call {
	struct sim *sim;
	int num;		/* arguments behind the verb */
	const char *const *args;
	struct json_object **result;
	char *why;
	size_t size;
};

/* Say why not; returns err. */
int verb_fail(const struct call *c, int err, const char *sentence);
int verb_answer(const struct call *c, int err);	/* 0, or with the errno's text */

/* Arguments; -EINVAL with a sentence. */
int verb_number(const struct call *c, const char *text, uint64_t max, uint64_t *value);
int verb_vf(const struct call *c, const char *text, unsigned int *vf);
int verb_switch(const struct call *c, const char *text, const char *on, const char *off,
		bool *value);

/* verbs_host.c */
int do_profile(const struct call *c);
int do_mac(const struct call *c);
int do_port_vlan(const struct call *c);
int do_trust(const struct call *c);
int do_spoof(const struct call *c);
int do_link(const struct call *c);
int do_mtu(const struct call *c);
int do_msix(const struct call *c);

/* verbs_lie.c */
int do_message(const struct call *c);

#endif
