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
 * Sentences with numbers in them: 6.1's extack has no buffer of its own. One of four static ones
 * takes it; when five tasks fail in one place at one moment one reads another's sentence.
 */
#ifndef NL_SET_ERR_MSG_FMT
#define IAVF_SENTENCE_LEN	81
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {					\
	static char iavf_text[4][IAVF_SENTENCE_LEN];					\
	static atomic_t iavf_turn;							\
	char *iavf_buf = iavf_text[(unsigned int)atomic_inc_return(&iavf_turn) % 4];	\
	struct netlink_ext_ack *iavf_extack = (extack);					\
											\
	snprintf(iavf_buf, IAVF_SENTENCE_LEN, fmt, ##args);				\
	if (iavf_extack)								\
		iavf_extack->_msg = iavf_buf;						\
} while (0)
#endif

#include <linux/dim.h>
#include <linux/dma-mapping.h>
#include <linux/ethtool.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#include <net/page_pool.h>
#define IAVF_PP_FLAG_FRAG	PP_FLAG_PAGE_FRAG
#else
#include <net/page_pool/helpers.h>
#define IAVF_PP_FLAG_FRAG	0	/* always possible */
#endif

/* Before 6.4 a pool did not know who consumes its pages. */
static inline void iavf_pp_set_napi(struct page_pool_params *params, struct napi_struct *napi)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	params->napi = napi;
#endif
}

static inline void iavf_net_dim(struct dim *dim, struct dim_sample *sample)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	net_dim(dim, sample);
#else
	net_dim(dim, *sample);
#endif
}

/* rss.c: table, key and function into what is not NULL */
int iavf_show_rxfh(struct net_device *netdev, u32 *indir, u8 *key, u8 *hfunc);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
static inline int iavf_get_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh)
{
	return iavf_show_rxfh(netdev, rxfh->indir, rxfh->key, &rxfh->hfunc);
}
#else
static inline int iavf_get_rxfh(struct net_device *netdev, u32 *indir, u8 *key, u8 *hfunc)
{
	return iavf_show_rxfh(netdev, indir, key, hfunc);
}
#endif

/* Later kernels no longer ask get_rxnfc() for the number of Rx queues. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define IAVF_RX_RING_COUNT
#endif

#endif /* _IAVF_COMPAT_H */
