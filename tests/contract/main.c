// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * contract [WORD]: run the cases whose name has WORD in it. CONTRACT_VERBOSE=1 shows every
 * message.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract.h"

#define SHOWN	40	/* lines of the trace after a failure */

jmp_buf contract_out;
struct world *contract_world;
char contract_about[200];

static const char *only;
static unsigned int passed, failed;

void contract_fail(const char *file, int line, const char *what)
{
	printf("# %s:%d: %s %s\n", file, line, what, contract_about);
	if (contract_world && contract_world->kern.fault)
		printf("# the daemon broke the contract: %s\n", contract_world->kern.fault);
	longjmp(contract_out, 1);
}

static void show_trace(const struct world *w)
{
	unsigned int n = sizeof(w->trace) / sizeof(w->trace[0]);
	unsigned int from = w->num_trace > SHOWN ? w->num_trace - SHOWN : 0;

	for (unsigned int i = from; i < w->num_trace; i++)
		printf("#   %s\n", w->trace[i % n]);
}

void contract_run(const char *name, contract_case fn, unsigned int a, unsigned int b)
{
	char full[100];

	snprintf(full, sizeof(full), "%s %u %u", name, a, b);
	if (only && !strstr(full, only))
		return;
	contract_about[0] = '\0';
	if (setjmp(contract_out)) {
		printf("not ok %s\n", full);
		failed++;
		if (contract_world && failed < 4)
			show_trace(contract_world);
	} else {
		fn(a, b);
		passed++;
	}
	if (contract_world)
		world_free(contract_world);
	contract_world = NULL;
}

struct world *make(const struct world_config *config)
{
	static const struct world_config plain;

	contract_world = world_new(config ? config : &plain);
	return contract_world;
}

void converged(struct world *w, uint64_t ns)
{
	if (!world_settle(w, ns))
		contract_fail(__FILE__, __LINE__,
			      w->kern.fault ? w->kern.fault : "does not settle");
	CHECK_NULL(world_difference(w));
	CHECK(w->kern.log_max <= IAVF_LOG_MAX);
}

void open_now(struct world *w)
{
	CHECK(kern_user_open(&w->kern));
	CHECK(world_user_done(w, 3 * SEC));
	CHECK(w->kern.user.err == 0);
}

struct world *make_up(const struct world_config *config)
{
	struct world *w = make(config);

	daemon_start(w);
	CHECK(world_settle(w, SEC));
	open_now(w);
	converged(w, SEC);
	return w;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		only = argv[1];
	cases_bringup();
	cases_requests();
	cases_vlans();
	cases_queues();
	cases_policy();
	cases_faults();
	cases_modes();
	cases_resets();
	cases_comeback();
	cases_adopt();
	cases_absence();
	cases_hostile();
	cases_mutations();
	cases_profiles();
	cases_random();
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
