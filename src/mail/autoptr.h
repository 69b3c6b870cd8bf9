/* autoptr.h - g_autoptr for the types of GMime, which defines none. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_AUTOPTR_H
#define MAIL_AUTOPTR_H

#include <gmime/gmime.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)

#endif
