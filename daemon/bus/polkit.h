/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May the caller of a method do that? Root may; anybody else is polkit's to judge, action by
 * action (systemd/org.iavfd1.policy), and without polkit nobody else may. Asked and answered in
 * the loop, which never waits: for the bus's word on who calls, nor for polkit, nor for a
 * password that somebody types. Everything has a deadline, is limited in number, and ends when the
 * caller leaves the bus.
 *
 * The handler of a method that needs it:
 *
 *	static int reset(sd_bus_message *call, void *data, sd_bus_error *error)
 *	{
 *		return bus_check(bus, call, "org.iavfd1.reset", reset_allowed, error);
 *	}
 *
 * reset_allowed(call, bus, error) then runs as the handler of a method does, in this turn or a
 * later one: what it is about may be gone and is looked up again (by the call's path). It replies
 * or returns an error. Whoever may not gets the error AccessDenied, or
 * InteractiveAuthorizationRequired where a person could be asked but the call does not say so.
 */
#ifndef IAVFD_BUS_POLKIT_H
#define IAVFD_BUS_POLKIT_H

#include <systemd/sd-bus.h>

struct bus;

#define CHECK_US		20000000ULL	/* polkit may have to be started */
#define CHECK_PERSON_US		120000000ULL	/* somebody types a password */
#define BUS_CHECKS_MAX		32	/* at a time */
#define BUS_CHECKS_MAX_UID	8	/* of them for one user */

/* For a handler to return. action is static. */
int bus_check(struct bus *bus, sd_bus_message *call, const char *action,
	      sd_bus_message_handler_t verb, sd_bus_error *error);

/* The connection ends: nobody gets an answer any more. */
void bus_checks_drop(struct bus *bus);

#endif
