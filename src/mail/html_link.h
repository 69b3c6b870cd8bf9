/* html_link.h - what of a link or an image in a mail may be shown.  Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAIL_HTML_LINK_H
#define MAIL_HTML_LINK_H

/* The value of the attribute called name of HtmlEvents' attrs, or NULL. */
const char *html_link_attr(const char *const *attrs, const char *name);

/*
 * href as a URL that does nothing but lead somewhere: of the schemes http,
 * https, mailto, news and mid; what may not stand in a URL is taken out or
 * percent-encoded, so that no reader finds another scheme in it.  NULL if
 * it is none (or NULL itself); else free with g_free.
 */
char *html_link_safe(const char *href);

/*
 * The id of a message that url, which is safe, names: "mid:ID" (RFC 2392;
 * also "mid:ID/CID") or "news:ID" (RFC 5538); the id of a part of "cid:ID".
 * NULL if it is neither; else free with g_free.
 */
char *html_link_message(const char *url);
char *html_link_part(const char *url);

/* What stands for an image: "[alt]", or "[image]" for one that came with
 * the mail and says nothing; NULL for all others.  g_free. */
char *html_link_image(const char *const *attrs);

#endif
