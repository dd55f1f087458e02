/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the kernels we support: 6.1, 6.12 and 7.x. At most 300 lines. */
#ifndef _IAVF_COMPAT_H
#define _IAVF_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "iavf: kernels before 6.1 are not supported"
#endif

#endif /* _IAVF_COMPAT_H */
