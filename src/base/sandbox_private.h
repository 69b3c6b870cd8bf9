/* sandbox_private.h - the two halves of sandbox_enter. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SANDBOX_PRIVATE_H
#define BASE_SANDBOX_PRIVATE_H

#include "base/sandbox.h"

/* Landlock: which files, and TCP.  True too, with a warning in the log and
 * *held unset, where the kernel has none. */
bool sandbox_landlock(
    SandboxRole role, const char *dir, bool *held, GError **err);

/* seccomp: which system calls. */
bool sandbox_seccomp(SandboxRole role, GError **err);

#endif
