/*
 * libkmod, asked the same questions as attune: the judge of the tests and the
 * other side of the bench.
 *
 *   libkmod resolve MODULEDIR CONFIGDIR         aliases on stdin, one a line
 *   libkmod bench ROUNDS MODULEDIR CONFIGDIR    the same, timed
 *   libkmod fnmatch                             "PATTERN\tNAME" lines on stdin
 *
 * resolve writes one line for each alias: its modules, separated by blanks,
 * or "!" when libkmod refuses it. bench does all of them with a new context
 * each round, indexes loaded first as udevd does, and writes the median time
 * of a round in nanoseconds. CONFIGDIR stands in for the modprobe.d
 * directories of the system; "-" takes those of the system.
 */
#include <fnmatch.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char **lines;
static size_t count;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void read_lines(void)
{
	char *line = NULL;
	size_t size = 0, room = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (count == room) {
			room = room ? 2 * room : 1024;
			lines = realloc(lines, room * sizeof *lines);
			if (lines == NULL)
				die("realloc");
		}
		lines[count] = strdup(line);
		if (lines[count++] == NULL)
			die("strdup");
	}
	free(line);
}

static struct kmod_ctx *open_context(const char *moduledir, const char *configdir)
{
	const char *dirs[] = { configdir, NULL };
	const char *const *config = strcmp(configdir, "-") == 0 ? NULL : dirs;
	struct kmod_ctx *ctx = kmod_new(moduledir, config);

	if (ctx == NULL)
		die("kmod_new");
	kmod_set_log_priority(ctx, 0);
	if (kmod_load_resources(ctx) < 0)
		die("kmod_load_resources");
	return ctx;
}

static void resolve(const char *moduledir, const char *configdir)
{
	struct kmod_ctx *ctx = open_context(moduledir, configdir);

	for (size_t i = 0; i < count; i++) {
		struct kmod_list *list = NULL, *l;
		const char *blank = "";

		if (kmod_module_new_from_lookup(ctx, lines[i], &list) < 0)
			printf("!");
		kmod_list_foreach(l, list) {
			struct kmod_module *mod = kmod_module_get_module(l);

			printf("%s%s", blank, kmod_module_get_name(mod));
			blank = " ";
			kmod_module_unref(mod);
		}
		putchar('\n');
		kmod_module_unref_list(list);
	}
	kmod_unref(ctx);
}

static long long nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static size_t found;

static long long one_round(const char *moduledir, const char *configdir)
{
	long long start = nanoseconds();
	struct kmod_ctx *ctx = open_context(moduledir, configdir);

	for (size_t i = 0; i < count; i++) {
		struct kmod_list *list = NULL, *l;

		kmod_module_new_from_lookup(ctx, lines[i], &list);
		kmod_list_foreach(l, list)
			found++;
		kmod_module_unref_list(list);
	}
	kmod_unref(ctx);
	return nanoseconds() - start;
}

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

static void bench(int rounds, const char *moduledir, const char *configdir)
{
	long long *times = calloc(rounds, sizeof *times);

	if (times == NULL)
		die("calloc");
	for (int i = 0; i < rounds; i++)
		times[i] = one_round(moduledir, configdir);
	qsort(times, rounds, sizeof *times, compare);
	printf("%lld %zu\n", times[rounds / 2], found / rounds);
	free(times);
}

static void match(void)
{
	for (size_t i = 0; i < count; i++) {
		char *name = strchr(lines[i], '\t');

		if (name == NULL)
			die("a line without a tab");
		*name++ = '\0';
		puts(fnmatch(lines[i], name, 0) == 0 ? "1" : "0");
	}
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	read_lines();
	if (strcmp(verb, "resolve") == 0 && argc == 4)
		resolve(argv[2], argv[3]);
	else if (strcmp(verb, "bench") == 0 && argc == 5 && atoi(argv[2]) > 0)
		bench(atoi(argv[2]), argv[3], argv[4]);
	else if (strcmp(verb, "fnmatch") == 0 && argc == 2)
		match();
	else {
		fprintf(stderr, "usage: libkmod resolve|bench|fnmatch ...\n");
		return 2;
	}
	return 0;
}
