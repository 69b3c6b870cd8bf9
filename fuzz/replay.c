/* replay.c - run one fuzz target over the files of the folder named, so
 * that "meson test" runs each corpus. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <glib.h>

#include <stdlib.h>

int
main(int argc, char **argv)
{
	g_autoptr(GDir) dir = argc == 2 ? g_dir_open(argv[1], 0, NULL) : NULL;
	size_t n = 0;
	const char *name = NULL;

	if (dir == NULL)
		return EXIT_FAILURE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(argv[1], name, NULL);
		g_autofree char *data = NULL;
		gsize len = 0;

		if (!g_file_get_contents(path, &data, &len, NULL))
			return EXIT_FAILURE;
		LLVMFuzzerTestOneInput((const uint8_t *)data, len);
		n++;
	}
	g_print("%zu inputs\n", n);
	return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
