/*
 * libdisplay-info on the corpus, the other side of the bench.
 *
 *   displayinfo FILE
 *
 * FILE is the corpus: for each EDID two bytes of length, low one first, then
 * its bytes. For each line on stdin, "parse" or "read", all of it is decoded
 * once, and a line written: nanoseconds of processor time, EDIDs accepted, and
 * a sum over what was read, for nothing to be optimised away. "parse" decodes
 * and frees; "read" also asks for what an ordinary reader wants: maker, model
 * and serial number, the size, timings, every CTA and DisplayID data block.
 */
#include <libdisplay-info/cta.h>
#include <libdisplay-info/displayid.h>
#include <libdisplay-info/edid.h>
#include <libdisplay-info/info.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned char *data;
static size_t size;
static unsigned long total;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void load(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		die(path);
	size = ftell(f);
	rewind(f);
	data = malloc(size);
	if (data == NULL || fread(data, 1, size, f) != size)
		die(path);
	fclose(f);
}

static void text(char *s)
{
	if (s != NULL)
		total += strlen(s);
	free(s);
}

static void timings(const struct di_edid_detailed_timing_def *const *t)
{
	for (; t != NULL && *t != NULL; t++)
		total += (*t)->horiz_video + (*t)->vert_video;
}

static void cta_block(const struct di_cta_data_block *b)
{
	switch (di_cta_data_block_get_tag(b)) {
	case DI_CTA_DATA_BLOCK_AUDIO: {
		const struct di_cta_sad *const *s = di_cta_data_block_get_sads(b);
		for (; s != NULL && *s != NULL; s++)
			total += (*s)->max_channels;
		break;
	}
	case DI_CTA_DATA_BLOCK_VIDEO: {
		const struct di_cta_svd *const *s = di_cta_data_block_get_svds(b);
		for (; s != NULL && *s != NULL; s++)
			total += (*s)->vic;
		break;
	}
	case DI_CTA_DATA_BLOCK_YCBCR420: {
		const struct di_cta_svd *const *s = di_cta_data_block_get_ycbcr420_svds(b);
		for (; s != NULL && *s != NULL; s++)
			total += (*s)->vic;
		break;
	}
	case DI_CTA_DATA_BLOCK_SPEAKER_ALLOC:
		total += di_cta_data_block_get_speaker_alloc(b)->speakers.fc;
		break;
	case DI_CTA_DATA_BLOCK_COLORIMETRY:
		total += di_cta_data_block_get_colorimetry(b)->bt2020_rgb;
		break;
	case DI_CTA_DATA_BLOCK_HDR_STATIC_METADATA:
		total += di_cta_data_block_get_hdr_static_metadata(b)->eotfs->pq;
		break;
	case DI_CTA_DATA_BLOCK_VIDEO_CAP:
		total += di_cta_data_block_get_video_cap(b)->selectable_rgb_quantization_range;
		break;
	default:
		total++;
	}
}

static void displayid_block(const struct di_displayid_data_block *b)
{
	switch (di_displayid_data_block_get_tag(b)) {
	case DI_DISPLAYID_DATA_BLOCK_DISPLAY_PARAMS:
		total += di_displayid_data_block_get_display_params(b)->horiz_pixels;
		break;
	case DI_DISPLAYID_DATA_BLOCK_TILED_DISPLAY_TOPO:
		total += di_displayid_data_block_get_tiled_topo(b)->horiz_tile_pixels;
		break;
	case DI_DISPLAYID_DATA_BLOCK_TYPE_I_TIMING: {
		const struct di_displayid_type_i_ii_vii_timing *const *t = di_displayid_data_block_get_type_i_timings(b);
		for (; t != NULL && *t != NULL; t++)
			total += (*t)->horiz_active;
		break;
	}
	default:
		total++;
	}
}

static void extensions(const struct di_edid_ext *const *e)
{
	for (; *e != NULL; e++) {
		const struct di_edid_cta *cta = di_edid_ext_get_cta(*e);
		const struct di_displayid *id = di_edid_ext_get_displayid(*e);

		if (cta != NULL) {
			const struct di_cta_data_block *const *b = di_edid_cta_get_data_blocks(cta);
			for (; *b != NULL; b++)
				cta_block(*b);
			timings(di_edid_cta_get_detailed_timing_defs(cta));
		}
		if (id != NULL) {
			const struct di_displayid_data_block *const *b = di_displayid_get_data_blocks(id);
			for (; *b != NULL; b++)
				displayid_block(*b);
		}
	}
}

static void read_all(const struct di_info *info)
{
	const struct di_edid *edid = di_info_get_edid(info);

	text(di_info_get_make(info));
	text(di_info_get_model(info));
	text(di_info_get_serial(info));
	total += di_edid_get_screen_size(edid)->width_cm;
	timings(di_edid_get_detailed_timing_defs(edid));
	extensions(di_edid_get_extensions(edid));
}

static int pass(bool read)
{
	int accepted = 0;

	for (size_t at = 0; at + 2 <= size;) {
		size_t n = data[at] | data[at + 1] << 8;
		struct di_info *info;

		at += 2;
		if (at + n > size)
			break;
		info = di_info_parse_edid(data + at, n);
		at += n;
		if (info == NULL)
			continue;
		accepted++;
		if (read)
			read_all(info);
		di_info_destroy(info);
	}
	return accepted;
}

static int64_t now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
		die("clock_gettime");
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	char line[16];

	if (argc != 2) {
		fprintf(stderr, "usage: displayinfo FILE\n");
		return 2;
	}
	load(argv[1]);
	while (fgets(line, sizeof line, stdin) != NULL) {
		int64_t start = now();
		int accepted;

		total = 0;
		accepted = pass(line[0] == 'r');
		printf("%lld %d %lu\n", (long long)(now() - start), accepted, total);
		fflush(stdout);
	}
	return 0;
}
