/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a device counts, and by what name it is shown. Each lost frame, message and
 * interrupt increments exactly one of the counters that name a cause.
 */
#ifndef AVFSIM_HW_COUNTERS_H
#define AVFSIM_HW_COUNTERS_H

#include <stdint.h>

#define HW_COUNTERS(X) \
	X(reg_reads) X(reg_writes) X(reg_writes_in_reset) X(reg_bad_access) \
	X(resets) X(flrs) \
	X(mbx_requests) X(mbx_shutdowns) X(mbx_events) \
	X(mbx_dropped_disabled) X(mbx_dropped_full) X(mbx_dropped_dma) X(mbx_waited) \
	X(irqs) X(irq_no_eventfd) X(irq_bus_master_off) \
	X(tx_packets) X(tx_bytes) X(tx_tso) X(tx_segments) X(tx_descriptors) \
	X(tx_doorbell_disabled) X(tx_dropped_link) X(tx_dropped_vlan_blocked) X(tx_malicious) \
	X(tx_vlan_inserted) \
	X(rx_packets) X(rx_bytes) X(rx_descriptors) X(rx_multi_descriptor) X(rx_vlan_stripped) \
	X(rx_no_descriptor) X(rx_queue_disabled) X(rx_oversize) X(rx_in_reset) X(rx_dma) \
	X(writebacks) X(writebacks_held) \
	X(lies) X(rx_deaf) X(rx_lied) X(tx_lied) X(irqs_lost) X(irqs_storm)

struct hw_counters {
#define HW_COUNTER_FIELD(name) uint64_t name;
	HW_COUNTERS(HW_COUNTER_FIELD)
#undef HW_COUNTER_FIELD
};

#endif
