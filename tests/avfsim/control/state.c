// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/state.h"

#include <errno.h>
#include <stdio.h>

#include "hw/rss.h"
#include "sim.h"

static void add_int(struct json_object *obj, const char *key, uint64_t value)
{
	json_object_object_add(obj, key, json_object_new_uint64(value));
}

static void add_bool(struct json_object *obj, const char *key, bool value)
{
	json_object_object_add(obj, key, json_object_new_boolean(value));
}

static struct json_object *hw_counters(const struct hw_counters *n)
{
	struct json_object *obj = json_object_new_object();

#define ADD(name) add_int(obj, #name, n->name);
	HW_COUNTERS(ADD)
#undef ADD
	return obj;
}

static struct json_object *dma_counters(const struct dma *dma)
{
	struct json_object *obj = json_object_new_object();

	add_int(obj, "maps", dma->num);
	add_int(obj, "reads", dma->reads);
	add_int(obj, "writes", dma->writes);
	add_int(obj, "bytes_read", dma->bytes_read);
	add_int(obj, "bytes_written", dma->bytes_written);
	add_int(obj, "blocked_bus_master_off", dma->blocked);
	add_int(obj, "bad", dma->bad);
	return obj;
}

static struct json_object *switch_counters(const struct sw *sw, unsigned int vf)
{
	struct json_object *obj = json_object_new_object();

	for (unsigned int i = SWITCH_DROP_NONE + 1; i < SWITCH_DROP_COUNT; i++)
		add_int(obj, switch_drop_names[i], sw->drops[vf][i]);
	return obj;
}

static struct json_object *vsi_stats(const struct pf_stats *s)
{
	struct json_object *obj = json_object_new_object();

	add_int(obj, "rx_bytes", s->rx_bytes);
	add_int(obj, "rx_unicast", s->rx_unicast);
	add_int(obj, "rx_multicast", s->rx_multicast);
	add_int(obj, "rx_broadcast", s->rx_broadcast);
	add_int(obj, "rx_discards", s->rx_discards);
	add_int(obj, "rx_unknown_protocol", s->rx_unknown_protocol);
	add_int(obj, "tx_bytes", s->tx_bytes);
	add_int(obj, "tx_unicast", s->tx_unicast);
	add_int(obj, "tx_multicast", s->tx_multicast);
	add_int(obj, "tx_broadcast", s->tx_broadcast);
	add_int(obj, "tx_discards", s->tx_discards);
	add_int(obj, "tx_errors", s->tx_errors);
	return obj;
}

static struct json_object *vector_counts(const struct irqs *irqs)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++)
		json_object_array_add(list, json_object_new_uint64(irqs->v[i].count));
	return list;
}

static struct json_object *rss_fields(const struct pf_vsi *vsi)
{
	static const char *const names[PF_RSS_FLOWS] = { "tcp4", "udp4", "sctp4",
							 "tcp6", "udp6", "sctp6" };
	struct json_object *obj = json_object_new_object();

	for (unsigned int i = 0; i < PF_RSS_FLOWS; i++)
		add_int(obj, names[i], rss_flow_fields(vsi, i));
	return obj;
}

struct json_object *state_queue_counts(struct sim *sim, unsigned int vf)
{
	const struct device *dev = &sim->vfs[vf].dev;
	struct json_object *obj = json_object_new_object();
	struct json_object *rx = json_object_new_array(), *tx = json_object_new_array();

	for (unsigned int q = 0; q < dev->vsi->num_queues && q < PF_MAX_QUEUES; q++) {
		json_object_array_add(rx, json_object_new_uint64(dev->rxq[q].packets));
		json_object_array_add(tx, json_object_new_uint64(dev->txq[q].packets));
	}
	add_int(obj, "vf", vf);
	json_object_object_add(obj, "rx", rx);
	json_object_object_add(obj, "tx", tx);
	return obj;
}

struct json_object *state_counters(struct sim *sim, unsigned int vf)
{
	const struct device *dev = &sim->vfs[vf].dev;
	struct json_object *obj = json_object_new_object();

	add_int(obj, "vf", vf);
	add_int(obj, "t_ns", dev->ops->now(dev->ops->ctx));
	json_object_object_add(obj, "hw", hw_counters(&dev->n));
	json_object_object_add(obj, "dma", dma_counters(&dev->dma));
	json_object_object_add(obj, "switch_drops", switch_counters(&sim->sw, vf));
	json_object_object_add(obj, "vsi", vsi_stats(&dev->vsi->stats));
	json_object_object_add(obj, "queues", state_queue_counts(sim, vf));
	json_object_object_add(obj, "irqs", vector_counts(&dev->irqs));
	add_int(obj, "transport_bad_messages", vfu_bad_messages(sim->vfs[vf].vfu));
	return obj;
}

static struct json_object *mac_string(const uint8_t *mac)
{
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return json_object_new_string(text);
}

static struct json_object *vlan_list(const uint8_t *bitmap)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int id = 0; id < 4096; id++)
		if (bitmap[id / 8] >> id % 8 & 1)
			json_object_array_add(list, json_object_new_int(id));
	return list;
}

static struct json_object *hex_bytes(const uint8_t *data, size_t len)
{
	char text[2 * PF_RSS_LUT_SIZE + 1];

	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", data[i]);
	return json_object_new_string(text);
}

static struct json_object *vsi_vlans(const struct pf_vsi *vsi)
{
	static const char *const names[] = { "8100", "88a8", "9100" };
	struct json_object *obj = json_object_new_object();

	for (unsigned int i = 0; i < 3; i++)
		json_object_object_add(obj, names[i], vlan_list(vsi->outer_vlan[i]));
	json_object_object_add(obj, "inner", vlan_list(vsi->inner_vlan));
	add_int(obj, "strip_tpid", vsi->vlan.strip_tpid);
	add_int(obj, "insert_tpid", vsi->vlan.insert_tpid);
	add_bool(obj, "inner_strip", vsi->vlan.inner_strip);
	add_bool(obj, "inner_insert", vsi->vlan.inner_insert);
	add_bool(obj, "pruning", vsi->vlan_pruning);
	add_int(obj, "port_tpid", vsi->port_vlan.outer_tpid);
	add_int(obj, "port_id", vsi->port_vlan.outer_id);
	return obj;
}

static struct json_object *vsi_queue(const struct device *dev, unsigned int q)
{
	const struct pf_vsi *vsi = dev->vsi;
	const struct rxq *rx = &dev->rxq[q];
	const struct txq *tx = &dev->txq[q];
	struct json_object *obj = json_object_new_object();

	add_bool(obj, "tx_enabled", tx->enabled);
	add_int(obj, "tx_len", vsi->txq[q].len);
	add_int(obj, "tx_head", tx->head);
	add_int(obj, "tx_tail", tx->tail);
	add_int(obj, "tx_vector", vsi->txq_vector[q]);
	add_bool(obj, "rx_enabled", rx->enabled);
	add_int(obj, "rx_len", vsi->rxq[q].len);
	add_int(obj, "rx_head", rx->head);
	add_int(obj, "rx_tail", rx->tail);
	add_int(obj, "rx_buf_size", vsi->rxq[q].buf_size);
	add_int(obj, "rx_max_pkt", vsi->rxq[q].max_pkt);
	add_int(obj, "rx_rxdid", vsi->rxq[q].rxdid);
	add_bool(obj, "keep_crc", vsi->rxq[q].keep_crc);
	add_int(obj, "rx_vector", vsi->rxq_vector[q]);
	return obj;
}

static struct json_object *vsi_queues(const struct device *dev)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int q = 0; q < dev->vsi->num_queues && q < PF_MAX_QUEUES; q++)
		json_object_array_add(list, vsi_queue(dev, q));
	return list;
}

/* Registers 0 and 1 of a vector, for what is received and sent. */
static struct json_object *throttles(const struct irqs *irqs, unsigned int vector)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int itr = 0; itr < 2; itr++)
		json_object_array_add(list, json_object_new_int(2 * irqs->itr[itr][vector]));
	return list;
}

static struct json_object *vsi_vectors(const struct irqs *irqs)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++) {
		const struct irq_vector *v = &irqs->v[i];
		struct json_object *obj = json_object_new_object();

		add_bool(obj, "eventfd", v->fd >= 0);
		add_bool(obj, "intena", v->enabled);
		add_bool(obj, "pending", v->pending);
		add_bool(obj, "wb_on_itr", v->wb_on_itr);
		add_int(obj, "count", v->count);
		json_object_object_add(obj, "itr_us", throttles(irqs, i));
		json_object_array_add(list, obj);
	}
	return list;
}

static struct json_object *mailbox_ring(const struct mbx_ring *r)
{
	struct json_object *obj = json_object_new_object();

	add_int(obj, "head", r->head);
	add_int(obj, "tail", r->tail);
	add_int(obj, "len", r->len);
	return obj;
}

static void add_device(struct json_object *obj, const struct device *dev)
{
	add_bool(obj, "in_reset", dev->in_reset);
	add_bool(obj, "reset_at_start", dev->reset_at_start);
	add_bool(obj, "reset_at_master", dev->reset_at_master);
	add_bool(obj, "bus_master", pci_bus_master(&dev->pci));
	json_object_object_add(obj, "queues", vsi_queues(dev));
	json_object_object_add(obj, "vectors", vsi_vectors(&dev->irqs));
	json_object_object_add(obj, "mailbox_send", mailbox_ring(&dev->mbx.atq));
	json_object_object_add(obj, "mailbox_receive", mailbox_ring(&dev->mbx.arq));
}

struct json_object *state_vsi(struct sim *sim, unsigned int vf)
{
	const struct device *dev = &sim->vfs[vf].dev;
	const struct pf_vsi *vsi = dev->vsi;
	struct json_object *obj = json_object_new_object();
	struct json_object *macs = json_object_new_array();

	for (unsigned int i = 0; i < vsi->num_macs; i++)
		json_object_array_add(macs, mac_string(vsi->macs[i]));
	add_int(obj, "vf", vf);
	json_object_object_add(obj, "profile", json_object_new_string(pf_get_profile(sim->pf)));
	add_bool(obj, "connected", vfu_connected(sim->vfs[vf].vfu));
	add_bool(obj, "enabled", vsi->enabled);
	add_bool(obj, "link_up", vsi->link_up);
	add_bool(obj, "trusted", vsi->trusted);
	add_bool(obj, "spoof_check", vsi->spoof_check);
	add_bool(obj, "unicast_promisc", vsi->unicast_promisc);
	add_bool(obj, "multicast_promisc", vsi->multicast_promisc);
	json_object_object_add(obj, "mac", mac_string(vsi->mac));
	json_object_object_add(obj, "macs", macs);
	json_object_object_add(obj, "vlans", vsi_vlans(vsi));
	add_int(obj, "num_queues", vsi->num_queues);
	add_int(obj, "num_vectors", vsi->num_vectors);
	json_object_object_add(obj, "rss_key", hex_bytes(vsi->rss_key, PF_RSS_KEY_SIZE));
	json_object_object_add(obj, "rss_lut", hex_bytes(vsi->rss_lut, PF_RSS_LUT_SIZE));
	add_int(obj, "rss_hena", vsi->rss_hena);
	add_bool(obj, "rss_symmetric", vsi->rss_symmetric);
	json_object_object_add(obj, "rss_fields", rss_fields(vsi));
	add_device(obj, dev);
	return obj;
}

static struct json_object *messages(const struct report_list *list)
{
	struct json_object *array = json_object_new_array();

	for (uint64_t i = 0; i < list->num && i < REPORT_KEPT; i++)
		if (list->messages[i])
			json_object_array_add(array, json_object_new_string(list->messages[i]));
	return array;
}

struct json_object *state_errors(struct sim *sim)
{
	struct json_object *obj = json_object_new_object();

	add_int(obj, "errors", sim->report.errors.num);
	json_object_object_add(obj, "error_messages", messages(&sim->report.errors));
	add_int(obj, "violations", sim->report.violations.num);
	json_object_object_add(obj, "violation_messages", messages(&sim->report.violations));
	return obj;
}

int state_write_report(struct sim *sim)
{
	struct json_object *obj = state_errors(sim), *counters = json_object_new_array();
	char path[4096];
	int err = 0;

	for (unsigned int i = 0; i < sim->config.pf.num_vfs; i++)
		json_object_array_add(counters, state_counters(sim, i));
	json_object_object_add(obj, "counters", counters);
	snprintf(path, sizeof(path), "%s/report.json", sim->config.dir);
	if (json_object_to_file_ext(path, obj, JSON_C_TO_STRING_PRETTY))
		err = -EIO;
	json_object_put(obj);
	return err;
}
