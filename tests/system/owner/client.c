// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "client.h"

static struct nlmsghdr *put_header(struct client *c, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(c->out);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++c->seq;
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

static int on_error(struct client *c, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*err);
	const struct nlattr *attr;

	c->why[0] = '\0';
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		mnl_attr_for_each(attr, nlh, skip) {
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
				snprintf(c->why, sizeof(c->why), "%s", mnl_attr_get_str(attr));
		}
	}
	return err->error;
}

/* Send over the socket, return the error of the answer; a data message is left in c->in. */
static int talk(struct client *c, struct nlmsghdr *nlh, bool *data)
{
	uint32_t seq = nlh->nlmsg_seq;

	*data = false;
	if (mnl_socket_sendto(c->nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t n = mnl_socket_recvfrom(c->nl, c->in, sizeof(c->in));
		struct nlmsghdr *in = (struct nlmsghdr *)c->in;

		if (n < 0)
			return -errno;
		if (in->nlmsg_seq != seq)
			continue;
		if (in->nlmsg_type == NLMSG_ERROR)
			return on_error(c, in);
		*data = true;
		return 0;
	}
}

int client_init(struct client *c)
{
	struct nlmsghdr *nlh;
	struct nlattr *attr;
	bool data;
	int one = 1, err;

	memset(c, 0, sizeof(*c));
	c->fd = -1;
	c->nl = mnl_socket_open2(NETLINK_GENERIC, 0);
	if (!c->nl)
		return -errno;
	mnl_socket_setsockopt(c->nl, NETLINK_EXT_ACK, &one, sizeof(one));
	if (mnl_socket_bind(c->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	nlh = put_header(c, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, IAVF_FAMILY_NAME);
	err = talk(c, nlh, &data);
	if (err)
		return err;
	mnl_attr_for_each(attr, (struct nlmsghdr *)c->in, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			c->family = mnl_attr_get_u16(attr);
	}
	return 0;
}

void client_close(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	if (c->nl)
		mnl_socket_close(c->nl);
	c->fd = -1;
	c->nl = NULL;
}

int client_open(struct client *c, bool force, uint32_t abi)
{
	struct nlmsghdr *nlh = put_header(c, c->family, IAVF_CMD_SESSION_OPEN, 0);
	struct nlattr *attr;
	bool data;
	int err;

	mnl_attr_put_u32(nlh, IAVF_A_SESSION_ABI, abi ? abi : IAVF_ABI);
	if (force)
		mnl_attr_put(nlh, IAVF_A_SESSION_FORCE, 0, NULL);
	err = talk(c, nlh, &data);
	if (err || !data)
		return err;
	mnl_attr_for_each(attr, (struct nlmsghdr *)c->in, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == IAVF_A_SESSION_FD)
			c->fd = (int)mnl_attr_get_u32(attr);
	}
	return c->fd >= 0 ? 0 : -EPROTO;
}

int client_genl(struct client *c, uint8_t cmd)
{
	bool data;

	return talk(c, put_header(c, c->family, cmd, 0), &data);
}

struct nlmsghdr *client_msg(struct client *c, uint8_t cmd)
{
	return put_header(c, c->family, cmd, 0);
}

struct nlmsghdr *client_vf_msg(struct client *c, uint8_t cmd)
{
	struct nlmsghdr *nlh = client_msg(c, cmd);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_VF, c->vf);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_GENERATION, c->generation);
	return nlh;
}

struct nlattr *client_attr(const struct nlmsghdr *nlh, int type)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == type)
			return attr;
	}
	return NULL;
}

static void follow(struct client *c, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct nlattr *attr = client_attr(nlh, IAVF_A_MSG_GENERATION), *state;

	if (genl->cmd == IAVF_CMD_VF_ADD && !c->vf) {
		c->vf = mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_VF));
		state = client_attr(nlh, IAVF_A_MSG_STATE);
		if (state) {
			struct nlattr *a;

			mnl_attr_for_each_nested(a, state) {
				if (mnl_attr_get_type(a) == IAVF_A_VF_SEND_SEQ)
					c->send_seq = mnl_attr_get_u32(a);
				if (mnl_attr_get_type(a) == IAVF_A_VF_PCI)
					snprintf(c->pci, sizeof(c->pci), "%s", mnl_attr_get_str(a));
			}
		}
	}
	if (attr && client_attr(nlh, IAVF_A_MSG_VF) &&
	    mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_VF)) == c->vf)
		c->generation = mnl_attr_get_u32(attr);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* One message; a read() may have returned several. */
static struct nlmsghdr *next(struct client *c, int ms)
{
	int64_t end = now_ms() + ms;
	struct nlmsghdr *nlh;

	if (c->inbox_at >= c->inbox_len) {
		struct pollfd p = { .fd = c->fd, .events = POLLIN };
		int left = (int)(end - now_ms());
		ssize_t n;

		if (poll(&p, 1, left > 0 ? left : 0) <= 0)
			return NULL;
		n = read(c->fd, c->inbox, sizeof(c->inbox));
		if (n <= 0)
			return NULL;
		c->inbox_len = (size_t)n;
		c->inbox_at = 0;
	}
	nlh = (struct nlmsghdr *)(c->inbox + c->inbox_at);
	c->inbox_at += NLMSG_ALIGN(nlh->nlmsg_len);
	memcpy(c->in, nlh, nlh->nlmsg_len);
	return (struct nlmsghdr *)c->in;
}

struct nlmsghdr *client_wait(struct client *c, uint8_t cmd, int ms)
{
	int64_t end = now_ms() + ms;
	struct nlmsghdr *nlh;

	while ((nlh = next(c, (int)(end - now_ms())))) {
		const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

		if (nlh->nlmsg_type == NLMSG_ERROR)
			continue;
		follow(c, nlh);
		if (genl->cmd == cmd)
			return nlh;
	}
	return NULL;
}

int client_write(struct client *c, const void *msg, size_t len)
{
	ssize_t n = write(c->fd, msg, len);
	int err = n < 0 ? -errno : 0;
	struct nlmsghdr *nlh;

	c->why[0] = '\0';
	if (!err)
		return 0;
	/* the sentence comes by read(); other messages before it are followed and lost */
	while ((nlh = next(c, 200))) {
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			on_error(c, nlh);
			break;
		}
		follow(c, nlh);
	}
	return err;
}

int client_send(struct client *c, struct nlmsghdr *nlh)
{
	return client_write(c, nlh, nlh->nlmsg_len);
}

int client_mbx(struct client *c, uint32_t opcode, int vsi_id, const void *payload, size_t len)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_MBX_SEND);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_SEQ, ++c->send_seq);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_OPCODE, opcode);
	if (vsi_id >= 0)
		mnl_attr_put_u32(nlh, IAVF_A_MSG_VSI_ID, (uint32_t)vsi_id);
	if (payload)
		mnl_attr_put(nlh, IAVF_A_MSG_PAYLOAD, len, payload);
	return client_send(c, nlh);
}

int32_t client_reply(struct client *c, uint32_t opcode, void *payload, size_t *len, int ms)
{
	int64_t end = now_ms() + ms;
	struct nlmsghdr *nlh;

	while ((nlh = client_wait(c, IAVF_CMD_MBX_RECV, (int)(end - now_ms())))) {
		struct nlattr *op = client_attr(nlh, IAVF_A_MSG_OPCODE);
		struct nlattr *st = client_attr(nlh, IAVF_A_MSG_STATUS);
		struct nlattr *data = client_attr(nlh, IAVF_A_MSG_PAYLOAD);

		if (!op || mnl_attr_get_u32(op) != opcode)
			continue;
		if (payload && len) {
			*len = data ? mnl_attr_get_payload_len(data) : 0;
			if (data)
				memcpy(payload, mnl_attr_get_payload(data), *len);
		}
		return st ? (int32_t)mnl_attr_get_u32(st) : INT32_MIN;
	}
	return INT32_MIN;
}
