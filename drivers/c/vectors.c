/* SPDX-License-Identifier: Apache-2.0 */
/* Runs test vectors against fmap_profiles.h: vectors FILE... Exit status 1 where it differs, 2 where there is nothing to
 * run. To test another parser, replace verdict(), and the call of fmap_resolve() or take it out. */
#include <stdio.h>
#include "fmap_profiles.h"
#include "json.h"

enum { MAX_MESSAGE = 1 << 16, MAX_NAME = 200, MAX_FILE = 1 << 30 };
static struct fmap_range ranges[MAX_MESSAGE / FMAP_RANGE_BYTES];
static struct fmap_iext iext[MAX_MESSAGE / FMAP_RANGE_BYTES];
static struct fmap map = { .ranges = ranges };

/* The errno's name, or "accept" with the map in `map` and `iext`. */
static const char *verdict(const struct fmap_profile *profile, const uint8_t *msg, size_t size)
{
    switch (fmap_parse_as(profile, msg, size, &map, iext)) {
    case 0: return "accept";
    case -E2BIG: return "E2BIG";
    case -ENOMEM: return "ENOMEM";
    case -ERANGE: return "ERANGE";
    default: return "EINVAL";
    }
}

/* Whether the verdict is one that is right; "accept" comes with the map. */
static int is_expected(const char *test, const char *actual)
{
    const char *result = json_member(test, "result");
    if (json_is(result, "valid")) return strcmp(actual, "accept") == 0;
    if (json_is(result, "invalid")) return json_is(json_member(test, "errno"), actual);
    for (const char *one = json_first(json_member(test, "allowed")); one; one = json_next(one))
        if (json_is(one, actual)) return 1;
    return 0;
}

static int same_ranges(const struct fmap_range *r, uint64_t n, const char *list)
{
    const char *item = json_first(list);
    for (; item && n > 0; item = json_next(item), n--, r++)
        if (!json_counts(json_member(item, "devindex"), r->dev) || !json_counts(json_member(item, "offset"), r->offset)
            || !json_counts(json_member(item, "length"), r->length))
            return 0;
    return !item && n == 0;
}

static int same_iexts(const struct fmap_iext *x, uint64_t n, const char *list)
{
    const char *item = json_first(list);
    for (; item && n > 0; item = json_next(item), n--, x++)
        if (!json_counts(json_member(item, "chunkSize"), x->chunk_size)
            || !json_counts(json_member(item, "nbytes"), x->nbytes)
            || !same_ranges(x->strips, x->nstrips, json_member(item, "strips")))
            return 0;
    return !item && n == 0;
}

static int same_map(const char *json)
{
    const char *extents = json_member(json, "extents");
    int simple = map.ext_type == FMAP_SIMPLE;
    return json_counts(json_member(json, "fileType"), map.file_type)
        && json_is(json_member(json, "extType"), simple ? "simple" : "interleaved")
        && json_counts(json_member(json, "fileSize"), map.file_size)
        && json_counts(json_member(json, "devBitmap"), map.dev_bitmap)
        && (simple ? same_ranges(map.ranges, map.count, extents) : same_iexts(iext, map.count, extents));
}

/* A u64 that is written as a string. */
static uint64_t number(const char *string)
{
    return string && *string == '"' ? strtoull(string + 1, NULL, 10) : 0;
}

/* Whether each file offset that is asked about resolves to what it should. */
static int same_places(const struct fmap_profile *profile, const char *asked, const char *resolved)
{
    const char *ask = json_first(asked), *wanted = json_first(resolved);
    for (; ask && wanted; ask = json_next(ask), wanted = json_next(wanted)) {
        const char *offset = json_first(ask), *errno_name = json_member(wanted, "errno");
        const char *want = offset ? json_next(offset) : NULL, *dev = json_member(wanted, "devindex");
        struct fmap_range place;
        int rc = fmap_resolve(profile, &map, iext, number(offset), number(want), &place);
        if (errno_name ? rc != -EIO || !json_is(errno_name, "EIO") : rc != 0) return 0;
        if (!errno_name && !json_counts(json_member(wanted, "length"), place.length)) return 0;
        if (dev && (!json_counts(dev, place.dev) || !json_counts(json_member(wanted, "offset"), place.offset))) return 0;
    }
    return !ask && !wanted;
}

/* The bytes of a string of hex in a block of their own, so that AddressSanitizer sees a read past their end. */
static uint8_t *bytes_of(const char *hex, size_t *size)
{
    size_t digits = hex && *hex == '"' ? strspn(hex + 1, "0123456789abcdef") : 1;
    uint8_t *msg = digits % 2 == 0 && digits / 2 <= MAX_MESSAGE ? malloc(digits / 2 + !digits) : NULL;
    *size = digits / 2;
    for (size_t i = 0; msg && i < *size; i++) {
        char byte[3] = { hex[1 + 2 * i], hex[2 + 2 * i], 0 };
        msg[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return msg;
}

/* A string without its quotes, for printf's %.*s. */
#define LETTERS(string) (string) ? (int)(json_string_end(string) - (string)) - 2 : 0, (string) ? (string) + 1 : ""

/* Why the parser's answer is wrong; NULL: it is right. */
static const char *difference(const struct fmap_profile *profile, const char *test)
{
    static char text[MAX_NAME];
    size_t size;
    uint8_t *msg = bytes_of(json_member(test, "msg"), &size);
    if (!msg) return "msg is not hex, or too long";
    const char *actual = verdict(profile, msg, size), *errno_name = json_member(test, "errno");
    free(msg);
    if (is_expected(test, actual)) {
        if (strcmp(actual, "accept") != 0) return NULL;
        if (!same_map(json_member(test, "map"))) return "another map";
        return same_places(profile, json_member(test, "resolve"), json_member(test, "resolved")) ? NULL
                                                                                                 : "another resolution";
    }
    if (errno_name) snprintf(text, sizeof text, "expected %.*s, got %s", LETTERS(errno_name), actual);
    else snprintf(text, sizeof text, "expected accept, got %s", actual);
    return text;
}

/* The whole file with a NUL behind it; NULL: it cannot be read, as a folder. */
static char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *text = size >= 0 && size < MAX_FILE ? malloc((size_t)size + 1) : NULL;
    if (text) rewind(file), text[fread(text, 1, (size_t)size, file)] = 0;
    if (file) fclose(file);
    return text;
}

/* The profile of a group; NULL: there is no such profile. */
static const struct fmap_profile *profile_of(const char *group)
{
    for (size_t i = 0; i < sizeof fmap_profiles / sizeof *fmap_profiles; i++)
        if (json_is(json_member(group, "profile"), fmap_profiles[i].name)) return &fmap_profiles[i];
    return NULL;
}

/* Prints each difference of a group and counts the tests; returns how many differ. */
static long run_group(const char *path, const struct fmap_profile *profile, const char *group, long *tests)
{
    long failed = 0;
    for (const char *test = json_first(json_member(group, "tests")); test; test = json_next(test), ++*tests) {
        const char *wrong = difference(profile, test), *tc = json_member(test, "tcId"), *id = json_member(test, "id");
        if (!wrong) continue;
        printf("%s: tcId %ld %.*s: %s\n", path, tc ? atol(tc) : 0, LETTERS(id), wrong);
        failed++;
    }
    return failed;
}

static long no_vectors(const char *path, const char *why)
{
    fprintf(stderr, "vectors: %s: %s\n", path, why);
    return -1;
}

/* Prints each difference of a file's text and a summary; returns how many there are, or -1 where there is nothing to
 * run. */
static long run(const char *path, const char *text)
{
    long tests = 0, failed = 0;
    const char *announced = text ? json_member(text, "numberOfTests") : NULL;
    if (!text) return no_vectors(path, "it cannot be read");
    if (!announced) return no_vectors(path, "these are no vectors");
    for (const char *group = json_first(json_member(text, "testGroups")); group; group = json_next(group)) {
        const struct fmap_profile *profile = profile_of(group);
        if (!profile) return no_vectors(path, "there is no such profile");
        failed += run_group(path, profile, group, &tests);
    }
    if (!json_counts(announced, (uint64_t)tests)) {
        printf("%s: numberOfTests is %ld, and there are %ld\n", path, atol(announced), tests);
        failed++;
    }
    printf("%s: %ld vectors, %ld differ\n", path, tests, failed);
    return failed;
}

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 2) fprintf(stderr, "usage: vectors FILE...\n");
    for (int i = 1; i < argc; i++) {
        char *text = text_of(argv[i]);
        long failed = run(argv[i], text);
        free(text);
        if (failed < 0) return 2;
        if (failed > 0) status = 1;
    }
    return argc < 2 ? 2 : status;
}
