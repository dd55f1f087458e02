/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table with aligned columns, two spaces between them, none after the last. */
#ifndef IAVFCTL_TABLE_H
#define IAVFCTL_TABLE_H

#include <stddef.h>
#include <stdio.h>

#define TABLE_CELL	64

struct table {
	unsigned int columns;
	size_t rows;
	char (*cells)[TABLE_CELL];	/* rows * columns */
};

/* columns and all cells empty. -1: out of memory. */
int table_init(struct table *table, unsigned int columns, size_t rows);
char *table_cell(const struct table *table, size_t row, unsigned int column);
void table_print(const struct table *table, FILE *out);
void table_free(struct table *table);

#endif
