/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main fields of a message for people and programs that watch the mailbox, by name. Pure, as
 * the codec: nothing is believed before it was checked, and nothing is put of a message that does
 * not add up.
 */
#ifndef VIRTCHNL_FIELDS_H
#define VIRTCHNL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct virtchnl_field {
	const char *key;	/* static: "vsi", "macs" */
	const char *text;	/* NULL: it is the number */
	uint64_t number;
	bool item;		/* one of a list; those of one key follow each other */
};

struct virtchnl_sink {
	void *ctx;
	/* text is valid during the call. */
	void (*put)(void *ctx, const struct virtchnl_field *field);
};

/*
 * sent: by the VF. 0: all was put, nothing for a message that has nothing. -EPROTO: it is no such
 * message; -ENOENT: its fields are not known here.
 */
int virtchnl_fields(uint32_t op, bool sent, const void *msg, size_t len,
		    const struct virtchnl_sink *sink);

#endif
