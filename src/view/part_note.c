/* SPDX-License-Identifier: Apache-2.0 */
#include "view/part_note.h"

#include "mail/smime.h"
#include "view/html.h"

#include <string.h>

static const struct {
	const char *type, *note;
} notes[] = {
    {"application/pgp-signature",
	N_("Signed with OpenPGP, which the archive does not verify: %s")},
    {"application/pkcs7-signature",
	N_("Signed with S/MIME, which the archive does not verify: %s")},
    {"application/x-pkcs7-signature",
	N_("Signed with S/MIME, which the archive does not verify: %s")},
    {"application/ms-tnef",
	N_("Outlook's own form of formatting and files (TNEF), which the "
	   "archive does not unpack: %s")},
    {"application/vnd.ms-tnef",
	N_("Outlook's own form of formatting and files (TNEF), which the "
	   "archive does not unpack: %s")},
    {"message/partial",
	N_("A piece of a message that was sent in several, which the archive "
	   "does not put together: %s")},
    {"message/external-body",
	N_("A file that is kept elsewhere, which the archive does not fetch: "
	   "%s")},
};

static const char *
smime_note(const ReadMsg *m, const Part *p)
{
	switch (smime_kind(m->raw, p)) {
	case SMIME_SIGNED:
		return N_("Signed with S/MIME in a form whose text the archive "
			  "does not unpack: %s");
	case SMIME_ENCRYPTED:
		return N_("Encrypted with S/MIME, for those alone whom it was "
			  "sent to: %s");
	case SMIME_OTHER:
	default:
		return N_("Something of S/MIME that the archive does not "
			  "unpack: %s");
	}
}

const char *
part_note(const ReadMsg *m, size_t n)
{
	const Part *p = &m->outline->parts[n];

	if (!p->leaf || p->show != SHOW_FILE)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++)
		if (strcmp(p->type, notes[i].type) == 0)
			return notes[i].note;
	if (strcmp(p->type, "application/pkcs7-mime") == 0 ||
	    strcmp(p->type, "application/x-pkcs7-mime") == 0)
		return smime_note(m, p);
	/* Section 4 of RFC 3156: what is encrypted follows its version. */
	if (n > 0 && strcmp(p->type, "application/octet-stream") == 0 &&
	    strcmp(p[-1].type, "application/pgp-encrypted") == 0)
		return N_("Encrypted with OpenPGP, for those alone whom it was "
			  "sent to: %s");
	return NULL;
}
