/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel says by itself: the group state of its family, and families that come and go. */
#ifndef IAVFCTL_NEWS_H
#define IAVFCTL_NEWS_H

#include "ctl.h"

struct news;

struct news_handler {
	void *ctx;
	/* A VF changed; the callee owns it. */
	void (*vf)(void *ctx, struct iavfctl_vf *vf);
	void (*gone)(void *ctx, uint32_t id);
	/* Messages were lost, or the family came or went: everything is to be asked for. */
	void (*lost)(void *ctx);
};

/* 0 or -errno. */
int news_open(struct news **news, uint64_t our_netns);
void news_close(struct news *news);

/* Readable when there is something. */
int news_fd(const struct news *news);

/* Join the family, if it is there; again after lost(). */
void news_join(struct news *news);

void news_read(struct news *news, const struct news_handler *handler);

#endif
