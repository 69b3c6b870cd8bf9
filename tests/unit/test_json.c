/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *in;
	size_t len;
	const char *out;
} texts[] = {
    {TEXT(""), "\"\""},
    {TEXT("plain"), "\"plain\""},
    {TEXT("\"\\/"), "\"\\\"\\\\/\""},
    {TEXT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
    {TEXT("\x01\x1f\x7f"), "\"\\u0001\\u001f\x7f\""},
    {TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
	"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
    {TEXT("\xe2\x80\xa8</script>"), "\"\xe2\x80\xa8</script>\""},
    /* Not UTF-8: a byte alone, cut short, a surrogate, overlong. */
    {TEXT("a\xff"
	  "b"),
	"\"a\xef\xbf\xbd"
	"b\""},
    {TEXT("a\xc3"), "\"a\xef\xbf\xbd\""},
    {TEXT("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    {TEXT("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {TEXT("a\0b"), "\"a\xef\xbf\xbd"
		   "b\""},
};

static void
escapes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GString) o = g_string_new(NULL);
		Json j;

		json_begin(&j, o);
		json_text_len(&j, texts[i].in, texts[i].len);
		g_assert_cmpstr(o->str, ==, texts[i].out);
	}
}

static void
nests(void)
{
	g_autoptr(GString) o = g_string_new(NULL);
	Json j;

	json_begin(&j, o);
	json_object(&j);
	json_set(&j, "text", text, "a");
	json_set(&j, "none", text, NULL);
	json_set(&j, "number", num, UINT64_MAX);
	json_set(&j, "time", time, 784111777);
	json_name(&j, "list");
	json_array(&j);
	json_bool(&j, true);
	json_bool(&j, false);
	json_array(&j);
	json_end(&j);
	json_object(&j);
	json_end(&j);
	json_object(&j);
	json_set(&j, "x", num, 0);
	json_end(&j);
	json_end(&j);
	json_name(&j, "pieces");
	json_open_text(&j);
	json_more(&j, "a\"");
	out_url(o, "b/c");
	json_close_text(&j);
	json_name(&j, "last");
	json_null(&j);
	json_end(&j);
	json_finish(&j);
	g_assert_cmpstr(o->str, ==,
	    "{\"text\":\"a\",\"none\":null,"
	    "\"number\":18446744073709551615,"
	    "\"time\":\"1994-11-06T08:49:37Z\","
	    "\"list\":[true,false,[],{},{\"x\":0}],"
	    "\"pieces\":\"a\\\"b%2Fc\",\"last\":null}\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/escapes", escapes);
	g_test_add_func("/json/nests", nests);
	return g_test_run();
}
