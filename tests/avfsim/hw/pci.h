/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration space of the VF (protocol.md section 1). */
#ifndef AVFSIM_HW_PCI_H
#define AVFSIM_HW_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_CONFIG_SIZE	4096
#define PCI_BAR0_SIZE	0x20000
#define PCI_BAR3_SIZE	0x4000
#define PCI_PBA_OFFSET	0x2000

struct pci_config {
	uint8_t data[PCI_CONFIG_SIZE];
	uint8_t writable[PCI_CONFIG_SIZE];	/* mask of bits a write changes */
	uint8_t write_clear[PCI_CONFIG_SIZE];	/* mask of bits a written 1 clears */
};

void pci_init(struct pci_config *pci, unsigned int num_vectors);

void pci_read(const struct pci_config *pci, uint64_t off, void *buf, size_t len);

/* true = the write asks for a function level reset. */
bool pci_write(struct pci_config *pci, uint64_t off, const void *buf, size_t len);

bool pci_bus_master(const struct pci_config *pci);
void pci_clear_bus_master(struct pci_config *pci);

/* What a function level reset leaves. */
void pci_reset(struct pci_config *pci);

#endif
