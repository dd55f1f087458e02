/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods about the configuration: documents in, JSON out. All ask polkit first, also those that
 * only read, because reading takes time of a worker that everybody shares.
 */
#ifndef IAVFD_BUS_CONFIGURE_H
#define IAVFD_BUS_CONFIGURE_H

#include <systemd/sd-bus.h>

struct bus;

int bus_validate(sd_bus_message *call, void *data, sd_bus_error *error);
int bus_plan(sd_bus_message *call, void *data, sd_bus_error *error);
int bus_apply(sd_bus_message *call, void *data, sd_bus_error *error);
int bus_reload(sd_bus_message *call, void *data, sd_bus_error *error);
int bus_confirm(sd_bus_message *call, void *data, sd_bus_error *error);
int bus_rollback(sd_bus_message *call, void *data, sd_bus_error *error);
/* Of a VF's object. */
int bus_describe(sd_bus_message *call, void *data, sd_bus_error *error);

/* The connection ends: nobody gets an answer any more. What was begun goes on. */
void bus_configure_drop(struct bus *bus);

#endif
