/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pages.h"

#include "http/route.h"
#include "view/assets.h"
#include "view/out.h"

#include <string.h>

struct Pages {
	const Conf *conf;
};

Pages *
pages_new(const Conf *conf)
{
	Pages *p = g_new0(Pages, 1);

	p->conf = conf;
	return p;
}

void
pages_free(Pages *p)
{
	g_free(p);
}

void
pages_refuse(const Pages *p, unsigned int status, Response *out)
{
	(void)p;
	out->status = status;
}

void
pages_answer(Pages *p, const Request *q, Response *out)
{
	(void)p;
	(void)q;
	out->status = 200;
	out->type = "text/html; charset=utf-8";
	out->text = g_string_new("<!DOCTYPE html><title>x</title>");
}
