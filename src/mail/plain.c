/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/plain.h"

#include "mail/body.h"
#include "mail/enriched.h"
#include "mail/html.h"
#include "mail/part.h"

#include <string.h>

char *
plain_text(GBytes *raw, const Part *p, bool *cut)
{
	g_autofree char *text = part_text(raw, p, cut);

	if (p->show == SHOW_HTML)
		return html_to_text(text);
	if (strcmp(p->type, "text/enriched") == 0)
		return enriched_to_text(text, false);
	if (strcmp(p->type, "text/richtext") == 0)
		return enriched_to_text(text, true);
	if (p->flowed)
		return body_unflow(text, p->delsp);
	return g_steal_pointer(&text);
}
