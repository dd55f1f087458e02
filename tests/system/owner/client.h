/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session client that is not the daemon's: written against docs/spec/iavf.yaml alone, able to
 * send what a daemon never would. For the wrong-use and the malicious-owner tests.
 */
#ifndef OWNER_CLIENT_H
#define OWNER_CLIENT_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iavf_netlink.h"

#define CLIENT_BUF	(512 * 1024)

struct client {
	struct mnl_socket *nl;
	uint16_t family;
	int fd;			/* the session descriptor, -1 without */
	uint32_t seq;
	uint32_t vf, generation, send_seq;	/* the first VF that was announced */
	char pci[32];
	char why[128];		/* sentence of the last error */
	char in[CLIENT_BUF];	/* the message returned last */
	char inbox[CLIENT_BUF];	/* what read() returned and nobody took yet */
	size_t inbox_len, inbox_at;
	char out[CLIENT_BUF];
};

/* 0 or -errno; ENOENT: the module is not loaded. */
int client_init(struct client *c);
void client_close(struct client *c);

/* session-open. 0 or -errno, c->why holds the sentence. abi 0: IAVF_ABI. */
int client_open(struct client *c, bool force, uint32_t abi);

/* Any generic netlink command without attributes on the socket; 0 or -errno. */
int client_genl(struct client *c, uint8_t cmd);

/* Begin a message for the descriptor in c->out; fill attributes with libmnl. */
struct nlmsghdr *client_msg(struct client *c, uint8_t cmd);
/* The same with vf and generation put. */
struct nlmsghdr *client_vf_msg(struct client *c, uint8_t cmd);

/* write() the message: 0 or -errno; the NLMSG_ERROR that belongs to it is read into c->why. */
int client_write(struct client *c, const void *msg, size_t len);
int client_send(struct client *c, struct nlmsghdr *nlh);

/* mbx-send with the next seq. vsi_id -1, payload NULL: left out. */
int client_mbx(struct client *c, uint32_t opcode, int vsi_id, const void *payload, size_t len);

/* Wait for a message of this command; NULL after ms. Others are followed for vf and generation. */
struct nlmsghdr *client_wait(struct client *c, uint8_t cmd, int ms);
/* Wait for the PF's answer to an opcode: its status, or INT32_MIN after ms. The payload's length in *len. */
int32_t client_reply(struct client *c, uint32_t opcode, void *payload, size_t *len, int ms);

/* Attribute of a message of the session, or NULL. */
struct nlattr *client_attr(const struct nlmsghdr *nlh, int type);

#endif
