// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "table.h"

int table_init(struct table *table, unsigned int columns, size_t rows)
{
	table->columns = columns;
	table->rows = rows;
	table->cells = calloc(rows * columns, sizeof(*table->cells));
	return table->cells ? 0 : -1;
}

char *table_cell(const struct table *table, size_t row, unsigned int column)
{
	return table->cells[row * table->columns + column];
}

static int width_of(const struct table *table, unsigned int column)
{
	size_t width = 0;

	for (size_t row = 0; row < table->rows; row++) {
		size_t len = strlen(table_cell(table, row, column));

		width = len > width ? len : width;
	}
	return (int)width;
}

void table_print(const struct table *table, FILE *out)
{
	const unsigned int last = table->columns - 1;

	for (size_t row = 0; row < table->rows; row++) {
		for (unsigned int column = 0; column < last; column++)
			fprintf(out, "%-*s  ", width_of(table, column),
				table_cell(table, row, column));
		fprintf(out, "%s\n", table_cell(table, row, last));
	}
}

void table_free(struct table *table)
{
	free(table->cells);
}
