/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the kernels we support: 6.1, 6.12 and 7.x. At most 300 lines. */
#ifndef _IAVF_COMPAT_H
#define _IAVF_COMPAT_H

#include <linux/netlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "iavf: kernels before 6.1 are not supported"
#endif

/*
 * Sentences with numbers in them: 6.1's extack has no buffer of its own. One of eight static buffers takes
 * it; when nine tasks fail at the same moment one reads another's sentence, never freed memory.
 */
#ifndef NL_SET_ERR_MSG_FMT
#define IAVF_SENTENCE_LEN	81
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {					\
	static char iavf_text[8][IAVF_SENTENCE_LEN];					\
	static atomic_t iavf_turn;							\
	char *iavf_buf = iavf_text[(unsigned int)atomic_inc_return(&iavf_turn) % 8];	\
											\
	snprintf(iavf_buf, IAVF_SENTENCE_LEN, fmt, ##args);				\
	if (extack)									\
		(extack)->_msg = iavf_buf;						\
} while (0)
#endif

#endif /* _IAVF_COMPAT_H */
