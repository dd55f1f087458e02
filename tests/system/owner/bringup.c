// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bringup.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

static void die(const char *what, int err)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-err));
	exit(1);
}

void attach(struct client *c, bool force)
{
	int err = client_init(c);

	if (err)
		die("no family", err);
	err = client_open(c, force, 0);
	if (err)
		die(c->why[0] ? c->why : "session-open", err);
	if (!client_wait(c, IAVF_CMD_VF_ADD, 2000) || !client_wait(c, IAVF_CMD_VF_SYNC, 2000))
		die("no VF", -ENODEV);
}

int negotiate(struct client *c, struct vf_facts *f)
{
	uint32_t version[2] = { 1, 1 };
	uint32_t caps = VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_ADV_LINK_SPEED | VIRTCHNL_CAP_USO;
	char buf[IAVF_MBX_MAX];
	const struct virtchnl_vf_resource *res = (void *)buf;
	size_t len = 0;
	int32_t status;
	int err;

	err = client_mbx(c, VIRTCHNL_OP_VERSION, -1, version, sizeof(version));
	if (err)
		return err;
	if (client_reply(c, VIRTCHNL_OP_VERSION, NULL, NULL, 2000))
		return -EPROTO;
	for (int try = 0; try < 2; try++) {
		err = client_mbx(c, VIRTCHNL_OP_GET_VF_RESOURCES, -1, &caps, sizeof(caps));
		if (err)
			return err;
		status = client_reply(c, VIRTCHNL_OP_GET_VF_RESOURCES, buf, &len, 2000);
		if (!status)
			break;
		/* the VF was active for the owner before: start from a reset */
		client_send(c, client_vf_msg(c, IAVF_CMD_VF_RESET));
		for (;;) {
			struct nlmsghdr *nlh = client_wait(c, IAVF_CMD_RESET, 5000);

			if (!nlh)
				return -ETIMEDOUT;
			if (mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_RESET_STEP)) == IAVF_RESET_STEP_READY)
				break;
		}
	}
	if (status || len < sizeof(*res) + sizeof(res->vsi_res[0]))
		return -EPROTO;
	f->vsi_id = res->vsi_res[0].vsi_id;
	f->queues = res->num_queue_pairs;
	f->vectors = res->max_vectors;
	f->max_mtu = (uint16_t)(res->max_mtu - 26);
	memcpy(f->mac, res->vsi_res[0].default_mac_addr, 6);
	return 0;
}

int commit(struct client *c, const struct vf_facts *f)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_VF_COMMIT);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_VSI_ID, (uint32_t)f->vsi_id);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_QUEUES, f->queues);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_MAX_VECTORS, f->vectors);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_MAX_MTU, f->max_mtu);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_FEATURES, IAVF_FEATURES_ADV_LINK_SPEED);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_TX_TAG, IAVF_VLAN_TAG_NONE);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_RX_TAG, IAVF_VLAN_TAG_NONE);
	return client_send(c, nlh);
}

int make_netdev(struct client *c, struct vf_facts *f)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_NETDEV_CREATE);
	static const uint8_t zero[6], local[6] = { 2, 0, 0, 0, 0x66, 1 };
	uint32_t pid_gen = c->generation;
	char name[64], cmd[96];
	FILE *p;
	int err;

	if (!memcmp(f->mac, zero, 6))
		memcpy(f->mac, local, 6);
	mnl_attr_put(nlh, IAVF_A_MSG_MAC, 6, f->mac);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_MTU, 1500);
	err = client_send(c, nlh);
	if (err && err != -EEXIST)
		return err;
	if (!err && !client_wait(c, IAVF_CMD_NETDEV_READY, 5000))
		return -ETIMEDOUT;
	if (pid_gen != c->generation)
		return -ESTALE;
	snprintf(cmd, sizeof(cmd), "udevadm settle; ls /sys/bus/pci/devices/%s/net", c->pci);
	p = popen(cmd, "r");
	if (!p || !fgets(name, sizeof(name), p))
		return -ENODEV;
	pclose(p);
	name[strcspn(name, "\n")] = '\0';
	snprintf(f->ifname, sizeof(f->ifname), "%.15s", name);
	return 0;
}

int irq_map(struct client *c, const struct vf_facts *f)
{
	struct {
		uint16_t num;
		struct virtchnl_vector_map map[2];
	} __attribute__((packed)) m = {
		.num = 2,
		.map[0] = { (uint16_t)f->vsi_id, 1, 1, 1, 0, 1 },
		.map[1] = { (uint16_t)f->vsi_id, 0, 0, 0, 0, 0 },
	};
	char wire[14 + 12 * 2] = { 0 };
	int err;

	memcpy(wire, &m, sizeof(m));
	err = client_mbx(c, VIRTCHNL_OP_CONFIG_IRQ_MAP, -1, wire, sizeof(wire));
	return err ? err : client_reply(c, VIRTCHNL_OP_CONFIG_IRQ_MAP, NULL, NULL, 2000);
}

int link_set(const struct vf_facts *f, bool up)
{
	int pid = fork();

	if (pid)
		return pid;
	execlp("ip", "ip", "link", "set", f->ifname, up ? "up" : "down", NULL);
	_exit(127);
}

int done(int pid)
{
	int status = 0;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

uint32_t take_request(struct client *c, int ms)
{
	struct nlmsghdr *nlh = client_wait(c, IAVF_CMD_REQUEST, ms);
	uint32_t id;

	if (!nlh)
		return 0;
	id = mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_REQUEST));
	nlh = client_msg(c, IAVF_CMD_ACCEPT);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_VF, c->vf);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, id);
	client_send(c, nlh);
	return id;
}

int answer(struct client *c, uint32_t request, int err)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_REPLY);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, request);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_ERRNO, (uint32_t)err);
	return client_send(c, nlh);
}

int enable(struct client *c, const struct vf_facts *f)
{
	int err = client_mbx(c, VIRTCHNL_OP_CONFIG_VSI_QUEUES, f->vsi_id, NULL, 0);

	if (!err)
		err = client_reply(c, VIRTCHNL_OP_CONFIG_VSI_QUEUES, NULL, NULL, 2000);
	if (!err)
		err = client_mbx(c, VIRTCHNL_OP_ENABLE_QUEUES, f->vsi_id, NULL, 0);
	if (!err)
		err = client_reply(c, VIRTCHNL_OP_ENABLE_QUEUES, NULL, NULL, 2000);
	return err;
}

void bring_up(struct client *c, struct vf_facts *f)
{
	uint32_t request;
	int err, pid;

	err = negotiate(c, f);
	if (!err)
		err = commit(c, f);
	if (!err)
		err = make_netdev(c, f);
	if (err)
		die(c->why[0] ? c->why : "bring-up", err);
	irq_map(c, f);
	done(link_set(f, false));
	pid = link_set(f, true);
	request = take_request(c, 2000);
	err = enable(c, f);
	if (request)
		answer(c, request, 0);
	if (done(pid) || err)
		die(c->why[0] ? c->why : "link up", -EIO);
}
