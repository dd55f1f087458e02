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

/* A change of RSS, or all of it to be shown. 6.1 has no name for symmetric hashing. */
struct iavf_rxfh {
	u32 *indir;	/* NULL: not asked for; so are the others */
	u8 *key;
	u8 hfunc;
	bool set_symmetric, symmetric;
};

/* rss.c */
void iavf_show_rxfh(struct net_device *netdev, struct iavf_rxfh *rxfh);
int iavf_change_rxfh(struct net_device *netdev, const struct iavf_rxfh *rxfh,
		     struct netlink_ext_ack *extack);
int iavf_show_rxfh_fields(struct net_device *netdev, u32 flow_type, u64 *data);
int iavf_change_rxfh_fields(struct net_device *netdev, u32 flow_type, u64 data,
			    struct netlink_ext_ack *extack);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
static inline int iavf_get_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *param)
{
	struct iavf_rxfh rxfh = { .indir = param->indir, .key = param->key };

	iavf_show_rxfh(netdev, &rxfh);
	param->hfunc = rxfh.hfunc;
	param->input_xfrm = rxfh.symmetric ? RXH_XFRM_SYM_XOR : 0;
	return 0;
}

static inline int iavf_set_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *param,
				struct netlink_ext_ack *extack)
{
	const struct iavf_rxfh rxfh = {
		.indir = param->indir, .key = param->key, .hfunc = param->hfunc,
		.set_symmetric = param->input_xfrm != RXH_XFRM_NO_CHANGE,
		.symmetric = param->input_xfrm == RXH_XFRM_SYM_XOR,
	};

	return iavf_change_rxfh(netdev, &rxfh, extack);
}
#else
static inline int iavf_get_rxfh(struct net_device *netdev, u32 *indir, u8 *key, u8 *hfunc)
{
	struct iavf_rxfh rxfh = { .indir = indir, .key = key };

	iavf_show_rxfh(netdev, &rxfh);
	if (hfunc)
		*hfunc = rxfh.hfunc;
	return 0;
}

static inline int iavf_set_rxfh(struct net_device *netdev, const u32 *indir, const u8 *key,
				const u8 hfunc)
{
	const struct iavf_rxfh rxfh = { .indir = (u32 *)indir, .key = (u8 *)key, .hfunc = hfunc };

	return iavf_change_rxfh(netdev, &rxfh, NULL);
}
#endif

/* Later kernels no longer ask get_rxnfc() for the number of Rx queues. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define IAVF_RX_RING_COUNT
#endif

/* What else of RSS is in the ethtool operations; the second transformation came with a mask. */
#if defined(RXH_XFRM_SYM_OR_XOR)
#define IAVF_RXFH_XFRM		.supported_input_xfrm = RXH_XFRM_SYM_XOR,
#elif defined(RXH_XFRM_SYM_XOR)
#define IAVF_RXFH_XFRM		.cap_rss_sym_xor_supported = true,
#else
#define IAVF_RXFH_XFRM
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
static inline int iavf_get_rxfh_fields(struct net_device *netdev, struct ethtool_rxfh_fields *f)
{
	u64 data = 0;
	int err = iavf_show_rxfh_fields(netdev, f->flow_type, &data);

	f->data = data;
	return err;
}

static inline int iavf_set_rxfh_fields(struct net_device *netdev,
				       const struct ethtool_rxfh_fields *f,
				       struct netlink_ext_ack *extack)
{
	return iavf_change_rxfh_fields(netdev, f->flow_type, f->data, extack);
}

#define IAVF_RXFH_OPS	IAVF_RXFH_XFRM				\
	.get_rxfh_fields = iavf_get_rxfh_fields,		\
	.set_rxfh_fields = iavf_set_rxfh_fields,
#else	/* by get_rxnfc() and set_rxnfc() */
#define IAVF_RXFH_OPS	IAVF_RXFH_XFRM
#endif

#endif /* _IAVF_COMPAT_H */
