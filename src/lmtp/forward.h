/*
 * forward.h - the forward role: the spool's messages to an archive's LMTP.
 *
 * Under KEY@LIST-ID with each message's candidates in order (mail/
 * permalink): 553 5.1.0 means the next one, and all taken means that the
 * message is there already.  What the archive puts off, or an archive
 * that is down, is tried again for ever; what it refuses is set aside.  A
 * message may be sent twice, when a reply was lost, and never less than
 * once; the archive knows a copy when it sees one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LMTP_FORWARD_H
#define LMTP_FORWARD_H

#include "base/conf.h"

#include <stdbool.h>

/*
 * Send what is in conf's spool, and what comes into it, until SIGTERM or
 * SIGINT; or with once, send what is there and end.  Enters the sandbox.
 * Returns the process's exit status: 0, or 1 where the spool could not be
 * opened or, with once, something is left.  The log says what happened.
 */
int lmtp_forward_run(const Conf *conf, bool once);

#endif
