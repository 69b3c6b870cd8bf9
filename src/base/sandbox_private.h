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

/* The version of the kernel's Landlock, or -1. */
long sandbox_landlock_abi(void);

/* Append a line for each of the places that role may open. */
void sandbox_landlock_show(SandboxRole role, const char *dir, GString *text);

/* Append the names of the calls that all of roles may make; without those
 * that all of other may, if that is not 0.  Sets of 1 << SandboxRole. */
void sandbox_seccomp_show(
    unsigned int roles, unsigned int other, GString *text);

/* Append those that role may make with some arguments alone, which stand in
 * parentheses. */
void sandbox_seccomp_show_partly(SandboxRole role, GString *text);

#endif
