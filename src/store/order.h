/* order.h - the orders of threads that no index has. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_ORDER_H
#define STORE_ORDER_H

#include "store/store.h"

#include <glib.h>

/* Sort threads (StoreThread), of which the latest activity comes first
 * where the order leaves two alike. */
void order_threads(GPtrArray *threads, StoreOrder order);

#endif
