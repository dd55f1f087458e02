// SPDX-License-Identifier: GPL-2.0-or-later
#include "contract.h"

void cases_requests(void)
{
}
