// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every way of using the session wrongly that an owner or a stranger may come upon: the right errno,
 * a sentence, and the session works afterwards. Run as root without a daemon.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bringup.h"
#include "cases.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

static void strangers(struct cases *t, struct client *owner)
{
	static struct client other;
	int pid, status = 0;

	client_init(&other);
	refused(t, "second-owner", EBUSY, client_open(&other, false, 0), other.why);
	refused(t, "wrong-abi", EPROTO, client_open(&other, true, 99), other.why);
	/* commands of the descriptor do not exist on the socket */
	verdict(t, "mbx-send-on-socket", client_genl(&other, IAVF_CMD_MBX_SEND) == -EOPNOTSUPP, 0, "");
	client_close(&other);
	pid = fork();
	if (!pid) {
		if (setgid(65534) || setuid(65534) || client_init(&other))
			_exit(2);
		_exit(client_open(&other, true, 0) == -EPERM ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	verdict(t, "no-capability", WIFEXITED(status) && !WEXITSTATUS(status), status, "");
	verdict(t, "close-on-exec", fcntl(owner->fd, F_GETFD) & FD_CLOEXEC, 0, "");
}

static void forms(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_VF_RESET);
	char twice[512];
	char *big;
	int err;

	err = client_write(c, nlh, nlh->nlmsg_len - 4);
	refused(t, "truncated", EINVAL, err, c->why);
	err = client_write(c, nlh, 7);
	verdict(t, "shorter-than-header", err == -EINVAL, err, c->why);
	err = client_write(c, nlh, 0);
	verdict(t, "empty", err == -EINVAL || !err, err, c->why);
	nlh = client_vf_msg(c, IAVF_CMD_VF_RESET);
	memcpy(twice, nlh, nlh->nlmsg_len);
	memcpy(twice + nlh->nlmsg_len, nlh, nlh->nlmsg_len);
	err = client_write(c, twice, 2 * nlh->nlmsg_len);
	refused(t, "concatenated", EINVAL, err, c->why);
	big = calloc(1, 1 << 20);
	memcpy(big, nlh, nlh->nlmsg_len);
	((struct nlmsghdr *)big)->nlmsg_len = 1 << 20;
	err = client_write(c, big, 1 << 20);
	refused(t, "oversized", EMSGSIZE, err, c->why);
	free(big);
	nlh = client_vf_msg(c, 200);
	refused(t, "unknown-command", EOPNOTSUPP, client_send(c, nlh), c->why);
	nlh = client_vf_msg(c, IAVF_CMD_VF_RESET);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_VSI_ID, 1);
	refused(t, "attribute-of-another-command", EINVAL, client_send(c, nlh), c->why);
	nlh = client_vf_msg(c, IAVF_CMD_VF_RESET);
	mnl_attr_put_u32(nlh, 200, 1);
	refused(t, "unknown-attribute", EINVAL, client_send(c, nlh), c->why);
	nlh = client_msg(c, IAVF_CMD_VF_RESET);
	refused(t, "no-vf", EINVAL, client_send(c, nlh), c->why);
	nlh = client_msg(c, IAVF_CMD_VF_RESET);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_VF, 0xfffffff0);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_GENERATION, 0);
	refused(t, "unknown-vf", ENODEV, client_send(c, nlh), c->why);
	nlh = client_vf_msg(c, IAVF_CMD_MBX_SEND);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_SEQ, c->send_seq + 1);
	refused(t, "mbx-send-without-opcode", EINVAL, client_send(c, nlh), c->why);
	nlh = client_vf_msg(c, IAVF_CMD_REPLY);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, 0xfffffff0);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_ERRNO, 0);
	refused(t, "reply-to-nothing", ENOENT, client_send(c, nlh), c->why);
	nlh = client_vf_msg(c, IAVF_CMD_VF_COMMIT);
	refused(t, "commit-of-nothing", EINVAL, client_send(c, nlh), c->why);
}

static void small_read(struct cases *t, struct client *c)
{
	char tiny[24];
	ssize_t n;
	int err;

	/* the answer to an unknown VF is waiting: too small a buffer loses nothing */
	err = client_mbx(c, 4, -1, NULL, 0);
	verdict(t, "refused-opcode-again", err == -EPERM, err, c->why);
	c->generation--;
	client_mbx(c, VIRTCHNL_OP_VERSION, -1, NULL, 0);
	c->generation++;
	c->send_seq--;
	if (write(c->fd, tiny, 3) < 0)
		err = errno;
	n = read(c->fd, tiny, sizeof(tiny));
	verdict(t, "small-read-refused", n < 0 && errno == EMSGSIZE, n < 0 ? -errno : (int)n, "");
	n = read(c->fd, c->in, sizeof(c->in));
	verdict(t, "small-read-lost-nothing", n > 0, (int)n, "");
}

static void opcodes(struct cases *t, struct client *c)
{
	unsigned int wrong = 0;
	char name[64];
	int err;

	for (uint32_t op = 0; op < 300; op++) {
		bool never = op == 0 || op == 2 || op == 4 || op == 5 || op == 17 || (op >= 20 && op <= 22) || op == 34 ||
			     (op >= 37 && op <= 43) || op > 136;

		if (!never)
			continue;
		err = client_mbx(c, op, -1, NULL, 0);
		if (err != -EPERM || !c->why[0]) {
			snprintf(name, sizeof(name), "opcode-%u", op);
			refused(t, name, EPERM, err, c->why);
			wrong++;
		}
	}
	verdict(t, "opcodes-outside-bitmap", !wrong, (int)wrong, "");
	err = client_mbx(c, 0xffffffff, -1, NULL, 0);
	refused(t, "opcode-huge", EPERM, err, c->why);
}

static void kernels_own(struct cases *t, struct client *c, struct vf_facts *f)
{
	char op6[72 + 64 * 2] = { 0 };
	char op8[12] = { 0 };
	uint32_t request;
	int pid, err;

	memset(op8 + 4, 0xff, 8);
	refused(t, "op6-payload", EINVAL, client_mbx(c, 6, f->vsi_id, op6, sizeof(op6)), c->why);
	refused(t, "op8-payload", EINVAL, client_mbx(c, 8, f->vsi_id, op8, sizeof(op8)), c->why);
	/* the kernel alone disables queues */
	refused(t, "op9", EPERM, client_mbx(c, 9, f->vsi_id, op8, sizeof(op8)), c->why);
	refused(t, "op6-without-vsi", EINVAL, client_mbx(c, 6, -1, NULL, 0), c->why);
	refused(t, "op6-while-down", ENETDOWN, client_mbx(c, 6, f->vsi_id, NULL, 0), c->why);
	refused(t, "op8-while-down", ENETDOWN, client_mbx(c, 8, f->vsi_id, NULL, 0), c->why);

	pid = link_set(f, true);
	request = take_request(c, 2000);
	verdict(t, "open-asks", request, 0, "");
	refused(t, "op8-before-op6", EBUSY, client_mbx(c, 8, f->vsi_id, NULL, 0), c->why);
	err = client_mbx(c, 6, f->vsi_id, NULL, 0);
	verdict(t, "op6", !err, err, c->why);
	err = client_mbx(c, 8, f->vsi_id, NULL, 0);
	/* the PF may have been quicker than this process */
	verdict(t, "op8-before-op6-acknowledged", err == -EBUSY || !err, err, c->why);
	client_reply(c, 6, NULL, NULL, 2000);
	if (err)
		err = client_mbx(c, 8, f->vsi_id, NULL, 0);
	verdict(t, "op8-after-op6", !err, err, c->why);
	answer(c, request, 0);
	verdict(t, "up", !done(pid), 0, "");
	verdict(t, "down", !done(link_set(f, false)), 0, "");

	/* a refusal of the owner is the user's */
	pid = link_set(f, true);
	request = take_request(c, 2000);
	answer(c, request, EIO);
	verdict(t, "refused-open", done(pid) != 0, 0, "");
}

static void generations(struct cases *t, struct client *c)
{
	static const uint32_t version[2] = { 1, 1 };
	int err;

	c->generation--;
	refused(t, "stale-mbx-send", ESTALE, client_mbx(c, VIRTCHNL_OP_VERSION, -1, NULL, 0), c->why);
	c->generation--;
	err = client_send(c, client_vf_msg(c, IAVF_CMD_VF_RESET));
	refused(t, "stale-vf-reset", ESTALE, err, c->why);
	c->generation += 2;
	/* seq must grow */
	err = client_mbx(c, VIRTCHNL_OP_VERSION, -1, version, sizeof(version));
	verdict(t, "version", !err && !client_reply(c, VIRTCHNL_OP_VERSION, NULL, NULL, 2000), err, c->why);
	c->send_seq--;
	err = client_mbx(c, VIRTCHNL_OP_VERSION, -1, version, sizeof(version));
	refused(t, "seq-again", EINVAL, err, c->why);
}

static void takeover(struct cases *t, struct client *c)
{
	static struct client other;
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	int err;

	client_init(&other);
	err = client_open(&other, true, 0);
	verdict(t, "forced-takeover", !err, err, other.why);
	verdict(t, "old-owner-hup", poll(&p, 1, 2000) == 1 && (p.revents & POLLHUP), p.revents, "");
	err = client_send(c, client_vf_msg(c, IAVF_CMD_VF_RESET));
	verdict(t, "old-owner-write", err == -ESTALE, err, c->why);
	verdict(t, "new-owner-gets-vf", client_wait(&other, IAVF_CMD_VF_SYNC, 2000), 0, "");
	client_close(&other);
}

int main(void)
{
	static struct client c;
	struct cases t = { 0 };
	struct vf_facts f = { 0 };
	int err;

	attach(&c, false);
	strangers(&t, &c);
	forms(&t, &c);
	opcodes(&t, &c);
	generations(&t, &c);
	small_read(&t, &c);
	err = negotiate(&c, &f);
	verdict(&t, "negotiate-after-all-that", !err, err, c.why);
	err = commit(&c, &f);
	verdict(&t, "commit", !err, err, c.why);
	err = make_netdev(&c, &f);
	verdict(&t, "netdev-create", !err, err, c.why);
	irq_map(&c, &f);
	kernels_own(&t, &c, &f);
	takeover(&t, &c);
	client_close(&c);
	return t.failed != 0;
}
